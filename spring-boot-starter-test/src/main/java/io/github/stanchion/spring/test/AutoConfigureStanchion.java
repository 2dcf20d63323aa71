package io.github.stanchion.spring.test;

import io.github.stanchion.testkit.FaultyStore;
import io.github.stanchion.testkit.VirtualClock;
import io.github.stanchion.testkit.VirtualSleeper;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Makes guards easy to test, in a whole application or a slice: time is the test's, the store can fail by script, and each test
 * begins with nothing used and nothing locked.
 *
 * <p>Beans to inject: {@link FaultyStore}, which stands in front of the store; {@link GuardTester}; with virtual time
 * {@link VirtualClock} and {@link VirtualSleeper}. The clock starts each test at {@link VirtualClock#START}. A call that waits on
 * the test's own thread lets its time pass at once, as nobody else would; calls of other threads wait until the test advances
 * the clock.
 *
 * <p>After each test method, and its {@code @AfterEach}, scripted faults are forgotten, leases given back, and all keys deleted
 * that the application has touched; so tests that share a context must not run at the same time.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ImportAutoConfiguration
@PropertyMapping(value = "stanchion-test", skip = PropertyMapping.Skip.ON_DEFAULT_VALUE)
public @interface AutoConfigureStanchion {

    /** Where state is kept. Default is this process's memory, whatever the application has. */
    Store store() default Store.MEMORY;

    /** Whose time it is. Default is the test's. */
    Clock clock() default Clock.VIRTUAL;

    /** Where a test keeps state. */
    enum Store {

        /** In this process's memory. */
        MEMORY,

        /** Where the application keeps it, under a key prefix of the context's own. The store must be able to list its keys. */
        CONFIGURED
    }

    /** Whose time a test goes by. */
    enum Clock {

        /** The test's: it stands still until the test moves it. */
        VIRTUAL,

        /** The real one. */
        SYSTEM
    }
}
