package io.github.stanchion.redis;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What holds in all of this module. */
@AnalyzeClasses(packages = "io.github.stanchion.redis", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule timeIsToldByOneClass = noClasses()
            .that()
            .doNotHaveSimpleName("Deadlines")
            .should()
            .accessTargetWhere(target(describe("reads a clock or waits", ArchitectureTest::tellsTime)))
            .because("decisions go by the server's time, and all else is timed in one place");

    private static boolean tellsTime(AccessTarget target) {
        String name = target.getName();
        JavaClass owner = target.getOwner();
        return owner.isEquivalentTo(System.class)
                        && Set.of("currentTimeMillis", "nanoTime").contains(name)
                || owner.getPackageName().equals("java.time") && name.equals("now")
                || owner.isEquivalentTo(Thread.class) && name.equals("sleep")
                || owner.isEquivalentTo(TimeUnit.class) && name.equals("sleep")
                || owner.isEquivalentTo(LockSupport.class) && name.startsWith("park")
                || owner.isEquivalentTo(Object.class) && name.equals("wait")
                || owner.isAssignableTo(ScheduledExecutorService.class) && name.startsWith("schedule");
    }

    @ArchTest
    static final ArchRule knowsCoreAndLettuceAlone = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.slf4j..", "io.github.stanchion.memory..");

    @ArchTest
    static final ArchRule classesAreClosed = classes()
            .that(describe(
                    "are written as classes",
                    type -> !type.isAnonymousClass() && !type.isInterface() && !type.isEnum()))
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .haveModifier(JavaModifier.ABSTRACT);

    @ArchTest
    static final ArchRule noMutableStatics =
            fields().that().areStatic().should().beFinal();
}
