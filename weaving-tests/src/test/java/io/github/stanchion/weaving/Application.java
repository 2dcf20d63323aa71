package io.github.stanchion.weaving;

import io.github.stanchion.guard.CallOrigin;
import io.github.stanchion.guard.GuardListener;
import io.github.stanchion.limit.RateLimitDecision;
import io.github.stanchion.weaving.app.Clerk;
import io.github.stanchion.weaving.app.Counter;
import io.github.stanchion.weaving.app.Shelf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A running Spring Boot application that counts what its guards do. */
final class Application implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private Application(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts with these beans beside the common ones. */
    static Application start(String weaving, Class<?>... beans) {
        List<Class<?>> sources = new ArrayList<>(List.of(beans));
        sources.add(Wiring.class);
        return new Application(new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "stanchion.weaving", weaving,
                        "spring.main.banner-mode", "off",
                        "logging.level.root", "error"))
                .run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The names of the limits charged: of the policy, or of the method that it is for. */
    List<String> charged() {
        return bean(Charges.class).names();
    }

    /** The methods of the application's own guard. */
    List<String> locked() {
        return bean(Tally.class).calls();
    }

    /** Where calls of the application's own guard came from, of those that say so. */
    List<Object> origins() {
        return bean(Tally.class).origins();
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Clerk.class, Counter.class, Shelf.class})
    static class Wiring {

        @Bean
        Tally tally() {
            return new Tally(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        }

        @Bean
        CallOrigin origin() {
            return () -> "the caller";
        }

        @Bean
        Charges charges() {
            return new Charges(new CopyOnWriteArrayList<>());
        }

        @Bean
        GuardListener listener(Charges charges) {
            return event -> {
                if (event instanceof RateLimitDecision decision) {
                    charges.names.add(decision.name().replaceAll(".*#|\\(.*", ""));
                }
            };
        }
    }

    private record Charges(List<String> names) {}
}
