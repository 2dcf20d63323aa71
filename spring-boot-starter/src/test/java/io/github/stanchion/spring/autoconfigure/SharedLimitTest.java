package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.redis.RedisUnderTest;
import io.github.stanchion.store.MicroClock;
import io.github.stanchion.testkit.Together;
import io.github.stanchion.testkit.VirtualClock;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who shares permits: methods of one name and one key, and nobody else. */
class SharedLimitTest {

    private static final int METHODS = 10;

    private static final Map<String, String[]> STORES =
            Map.of("memory", new String[] {"stanchion.store=memory"}, "redis", new String[] {
                "stanchion.redis.uri=" + RedisUnderTest.uri(),
                "stanchion.redis.command-timeout=20s",
                "stanchion.defaults.rate-limit.on-store-failure=throw",
                "stanchion.key-prefix=" + RedisUnderTest.prefix()
            });

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(StanchionAutoConfiguration.class, StanchionRedisAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues("stanchion.rate-limits.keyed.limit=10/1m", "stanchion.rate-limits.keyed.key=#caller")
            .withPropertyValues("stanchion.rate-limits.keyless.limit=10/1m");

    @ParameterizedTest
    @ValueSource(strings = {"memory", "redis"})
    void tenMethodsOfOneNameAndKeyAdmitTenOfTwoHundredCallsTogether(String store) {
        runner.withPropertyValues(STORES.get(store)).run(context -> {
            TenMethods methods = context.getBean(TenMethods.class);
            assertThat(admittedAtOnce(200, i -> () -> methods.call(i % METHODS, "bob")))
                    .isEqualTo(10);
            assertThat(admittedAtOnce(200, i -> () -> methods.call(i % METHODS, "alice")))
                    .as("another key")
                    .isEqualTo(10);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "redis"})
    void withoutAKeyEachMethodIsASubjectOfItsOwn(String store) {
        runner.withPropertyValues(STORES.get(store)).run(context -> {
            TenMethods methods = context.getBean(TenMethods.class);
            assertThat(admittedAtOnce(50, i -> methods::keyless0)).isEqualTo(10);
            assertThat(admittedAtOnce(50, i -> methods::keyless1)).isEqualTo(10);
        });
    }

    private static long admittedAtOnce(int calls, Work work) throws Exception {
        return Together.run(calls, number -> admitted(work.number(number))).stream()
                .filter(admitted -> admitted)
                .count();
    }

    private static boolean admitted(Callable<Boolean> call) throws Exception {
        try {
            return call.call();
        } catch (RateLimitExceededException refused) {
            return false;
        }
    }

    private interface Work {
        Callable<Boolean> number(int i);
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        MicroClock clock() {
            return new VirtualClock();
        }

        @Bean
        Ten ten() {
            return new Ten();
        }

        @Bean
        TenMethods methods(Ten ten) {
            return new TenMethods(ten);
        }
    }

    /** Picks a method by number; not guarded itself. */
    record TenMethods(Ten ten) {

        boolean call(int number, String caller) {
            return switch (number) {
                case 0 -> ten.m0(caller);
                case 1 -> ten.m1(caller);
                case 2 -> ten.m2(caller);
                case 3 -> ten.m3(caller);
                case 4 -> ten.m4(caller);
                case 5 -> ten.m5(caller);
                case 6 -> ten.m6(caller);
                case 7 -> ten.m7(caller);
                case 8 -> ten.m8(caller);
                default -> ten.m9(caller);
            };
        }

        boolean keyless0() {
            return ten.keyless0();
        }

        boolean keyless1() {
            return ten.keyless1();
        }
    }

    static class Ten {

        @RateLimited("keyed")
        boolean m0(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m1(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m2(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m3(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m4(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m5(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m6(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m7(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m8(String caller) {
            return true;
        }

        @RateLimited("keyed")
        boolean m9(String caller) {
            return true;
        }

        @RateLimited("keyless")
        boolean keyless0() {
            return true;
        }

        @RateLimited("keyless")
        boolean keyless1() {
            return true;
        }
    }
}
