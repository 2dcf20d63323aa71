package io.github.stanchion.spring.aot;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.guard.GuardEvent;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LockEvent;
import io.github.stanchion.spring.actuate.StanchionConsoleEndpoint;
import io.github.stanchion.spring.autoconfigure.StanchionActuatorAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionAutoConfiguration;
import io.github.stanchion.spring.autoconfigure.StanchionRedisAutoConfiguration;
import io.github.stanchion.store.AtomicStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.aot.AotDetector;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An application with a guarded bean, which is started with and without what was generated ahead of time. */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    StanchionAutoConfiguration.class,
    StanchionRedisAutoConfiguration.class,
    StanchionActuatorAutoConfiguration.class
})
class AheadOfTimeApplication {

    static final String TOLD = "Told: ";

    public static void main(String[] args) {
        List<String> told = tell(args);
        System.out.println(TOLD + (AotDetector.useGeneratedArtifacts() ? "generated" : "not generated"));
        told.forEach(line -> System.out.println(TOLD + line));
    }

    /** What calls of the guarded bean come to. */
    static List<String> tell(String... args) {
        SpringApplication application = new SpringApplication(AheadOfTimeApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(args)) {
            Desk desk = context.getBean(Desk.class);
            List<String> told = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                told.add(desk.serve(new Order(new Customer("bob"))));
            }
            told.add(desk.serve(new Order(new Customer("eve"))));
            told.add(desk.open());
            try {
                told.add(desk.open());
            } catch (RateLimitExceededException refused) {
                told.add("refused by " + refused.name());
            }
            Decisions decisions = context.getBean(Decisions.class);
            told.add(decisions.limits + " decisions of limits, " + decisions.locks + " of locks");
            told.add("store " + context.getBean(AtomicStore.class).getClass().getSimpleName());
            told.add("console "
                    + context.getBean(StanchionConsoleEndpoint.class).page().exists());
            return told;
        }
    }

    @Bean
    Desk desk() {
        return new Desk();
    }

    @Bean
    Decisions decisions() {
        return new Decisions();
    }

    record Customer(String id) {}

    record Order(Customer customer) {}

    static class Desk {

        @RateLimited(limit = "2/1d", key = "#order.customer.id", fallback = "closed")
        public String serve(Order order) {
            return "served " + order.customer().id();
        }

        @SuppressWarnings("UnusedMethod") // the fallback
        private String closed(Order order) {
            return "closed for " + order.customer().id();
        }

        @RateLimited(name = "opening", limit = "1/1d")
        @WithLock("door")
        public String open() {
            return "open, locked: " + Lease.current("door").isHeld();
        }
    }

    static class Decisions implements GuardListener {

        private final AtomicInteger limits = new AtomicInteger();
        private final AtomicInteger locks = new AtomicInteger();

        @Override
        public void onEvent(GuardEvent event) {
            if (event instanceof RateLimitDecision) {
                limits.incrementAndGet();
            } else if (event instanceof LockEvent.Decided) {
                locks.incrementAndGet();
            }
        }
    }
}
