package io.github.stanchion.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** Core keeps the rules. */
@AnalyzeClasses(packages = "io.github.stanchion", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final ArchitectureRules RULES = new ArchitectureRules(
            "io.github.stanchion",
            Set.of("MicroClock", "SystemSleeper", "SystemTicker", "RaceBackoff", "LeaseClock", "LeaseTimer"));

    @ArchTest
    static final ArchRule noCycles = RULES.noCycles();

    @ArchTest
    static final ArchRule noFrameworks = RULES.noFrameworks();

    @ArchTest
    static final ArchRule timeIsToldByNamedClasses = RULES.timeIsToldByNamedClasses();

    @ArchTest
    static final ArchRule operationsAreRecords = RULES.operationsAreRecords();

    @ArchTest
    static final ArchRule operationsArePure = RULES.operationsArePure();

    @ArchTest
    static final ArchRule classesAreClosed = RULES.classesAreClosed();

    @ArchTest
    static final ArchRule packagesAreNullMarked = RULES.packagesAreNullMarked();

    @ArchTest
    static final ArchRule noMutableStatics = RULES.noMutableStatics();

    @ArchTest
    static final ArchRule annotationNamesAreTheirOwn = RULES.annotationNamesAreTheirOwn();

    @ArchTest
    static void packagesKnowOnlyWhomTheyMay(JavaClasses core) {
        RULES.dependencies().forEach(rule -> rule.check(core));
    }
}
