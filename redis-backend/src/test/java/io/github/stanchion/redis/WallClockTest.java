package io.github.stanchion.redis;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.store.MicroClock;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

/**
 * Callers' clocks may be wrong by any time: nothing on the way from a call to the server reads one. What is measured is how
 * long something takes, by a clock that nobody sets.
 */
class WallClockTest {

    /** Tells health how far the server's clock is from this machine's, and decides nothing. */
    private static final Class<?> REPORTS_THE_DISTANCE = Inspection.class;

    private static final ArchRule NOBODY_ASKS_WHAT_TIME_IT_IS = noClasses()
            .that()
            .doNotBelongToAnyOf(REPORTS_THE_DISTANCE)
            .should()
            .accessTargetWhere(target(describe("tells the time of this machine", WallClockTest::isWallClock)));

    private static boolean isWallClock(AccessTarget target) {
        JavaClass owner = target.getOwner();
        return owner.isEquivalentTo(System.class) && target.getName().equals("currentTimeMillis")
                || owner.getPackageName().equals("java.time")
                        && target.getName().equals("now")
                || owner.isEquivalentTo(Clock.class) && target.getName().startsWith("system")
                || owner.isEquivalentTo(Date.class)
                || owner.isEquivalentTo(MicroClock.class) && target.getName().equals("system");
    }

    @Test
    void nothingBetweenACallAndTheServerReadsAWallClock() {
        Location tests = Location.of(
                WallClockTest.class.getProtectionDomain().getCodeSource().getLocation());
        JavaClasses main = ArchConfiguration.withThreadLocalScope(configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                    .withImportOption(location -> !location.asURI()
                            .toString()
                            .startsWith(tests.asURI().toString()))
                    .importPackagesOf(RedisStore.class, RateLimiters.class);
        });
        NOBODY_ASKS_WHAT_TIME_IT_IS.check(main);
    }

    @Test
    void ruleFindsOneWhoDoes() {
        assertThatThrownBy(
                        () -> NOBODY_ASKS_WHAT_TIME_IT_IS.check(new ClassFileImporter().importClasses(Planted.class)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Instant.now()")
                .hasMessageContaining("MicroClock.system()");
    }

    static final class Planted {
        static long now() {
            return Instant.now().toEpochMilli() + MicroClock.system().micros();
        }
    }
}
