package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimitResolver;
import io.github.stanchion.limit.RateLimiters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A bean that chooses limits in code. */
class RateLimitResolverTest {

    private final ApplicationContextRunner contexts = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(StanchionAutoConfiguration.class))
            .withBean(Service.class)
            .withPropertyValues("stanchion.rate-limits.a.limit=2/1h");

    @Test
    void limitOfTheResolverHoldsForAnnotatedMethodsAndTheFacade() {
        contexts.withBean(RateLimitResolver.class, BigCustomers::new).run(context -> {
            Service service = context.getBean(Service.class);
            assertThat(admitted(() -> service.call("small"))).isEqualTo(2);
            assertThat(admitted(() -> service.call("big"))).isEqualTo(7);
            assertThat(admitted(() -> service.call("barred"))).isZero();
            RateLimiters limiters = context.getBean(RateLimiters.class);
            assertThat(limiters.peek("a", "big").remaining()).isZero();
            assertThat(limiters.peek("a", "big of another name").remaining()).isEqualTo(7);
        });
    }

    @Test
    void withoutOneTheLimitIsThatOfTheSettings() {
        contexts.run(context -> assertThat(
                        admitted(() -> context.getBean(Service.class).call("big")))
                .isEqualTo(2));
    }

    private static int admitted(Runnable call) {
        int admitted = 0;
        for (int i = 0; i < 9; i++) {
            try {
                call.run();
                admitted++;
            } catch (RateLimitExceededException refused) {
                assertThat(refused.violated()).containsExactly("a");
            }
        }
        return admitted;
    }

    /** Derived policies are kept, being costly to make. */
    private static final class BigCustomers implements RateLimitResolver {

        private final Map<RateLimitPolicy, RateLimitPolicy> bigger = new ConcurrentHashMap<>();

        @Override
        public RateLimitPolicy resolve(String name, List<String> key, RateLimitPolicy base) {
            String customer = key.get(0);
            return customer.startsWith("big")
                    ? bigger.computeIfAbsent(base, small -> small.withLimit("7/1h"))
                    : customer.equals("barred") ? base.blocked() : base;
        }
    }

    static class Service {

        @RateLimited(name = "a", key = "#customer")
        public String call(String customer) {
            return customer;
        }
    }
}
