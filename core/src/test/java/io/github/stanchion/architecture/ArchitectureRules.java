package io.github.stanchion.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.stanchion.store.Operation;
import java.lang.reflect.Modifier;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;

/** The rules, for the packages below one root. */
final class ArchitectureRules {

    private static final List<String> KINDS = List.of("limit", "attempt", "breaker", "lock", "version");

    private final String root;
    private final Set<String> mayTellTime;

    /** @param mayTellTime simple names of the classes that read a clock or wait */
    ArchitectureRules(String root, Set<String> mayTellTime) {
        this.root = root;
        this.mayTellTime = Set.copyOf(mayTellTime);
    }

    /** Who may know whom, package by package. */
    List<ArchRule> dependencies() {
        List<ArchRule> rules = new ArrayList<>(List.of(
                knowsOnly("annotation"),
                knowsOnly("store"),
                knowsOnly("store.primitive", "store"),
                knowsOnly("guard", "store", "store.primitive"),
                knowsOnly("weave", "guard", "annotation")));
        for (String kind : KINDS) {
            rules.add(knowsOnly(kind, "store", "store.primitive", "guard", "annotation"));
        }
        return rules;
    }

    private ArchRule knowsOnly(String name, String... others) {
        List<String> allowed = new ArrayList<>(List.of(root + "." + name, "java..", "org.jspecify.annotations"));
        for (String other : others) {
            allowed.add(root + "." + other);
        }
        if (name.equals("weave")) {
            allowed.add("org.aspectj..");
        }
        return classes()
                .that()
                .resideInAPackage(root + "." + name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .allowEmptyShould(true)
                .because("package " + name + " knows " + (others.length == 0 ? "nobody" : String.join(", ", others)));
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    ArchRule noFrameworks() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.lettuce..", "org.slf4j..")
                .because("core serves applications that have none of them");
    }

    ArchRule timeIsToldByNamedClasses() {
        return noClasses()
                .that(doNot(describe("tell the time", type -> mayTellTime.contains(outermost(type)))))
                .should()
                .accessTargetWhere(target(describe("reads a clock or waits", ArchitectureRules::tellsTime)))
                .because("stores own the time and the executor's Sleeper waits: tests drive both");
    }

    private static boolean tellsTime(AccessTarget target) {
        String name = target.getName();
        JavaClass owner = target.getOwner();
        return owner.isEquivalentTo(System.class)
                        && Set.of("currentTimeMillis", "nanoTime").contains(name)
                || owner.getPackageName().equals("java.time") && name.equals("now")
                || owner.isAssignableTo(Clock.class) && name.startsWith("system")
                || owner.isEquivalentTo(Thread.class) && name.equals("sleep")
                || owner.isEquivalentTo(TimeUnit.class) && name.equals("sleep")
                || owner.isEquivalentTo(LockSupport.class) && name.startsWith("park")
                || owner.isEquivalentTo(Object.class) && name.equals("wait")
                || owner.isAssignableTo(ScheduledExecutorService.class) && name.startsWith("schedule")
                || owner.isAssignableTo(CompletableFuture.class)
                        && Set.of("completeOnTimeout", "orTimeout", "delayedExecutor")
                                .contains(name);
    }

    ArchRule operationsAreRecords() {
        return classes()
                .that()
                .implement(Operation.class)
                .and()
                .areNotInterfaces()
                .should()
                .beRecords()
                .because("an operation travels: it is its name and numbers");
    }

    ArchRule operationsArePure() {
        return noClasses()
                .that()
                .implement(Operation.class)
                .should()
                .accessTargetWhere(target(describe("reads a clock, random numbers or the outside world", target -> {
                    JavaClass owner = target.getOwner();
                    return tellsTime(target)
                            || owner.isAssignableTo(RandomGenerator.class)
                            || owner.isEquivalentTo(Math.class)
                                    && target.getName().equals("random")
                            || target.getName().equals("randomUUID")
                            || owner.getPackageName().matches("java\\.(io|net|nio\\.(file|channels)|sql)(\\..*)?")
                            || owner.isEquivalentTo(System.class)
                                    && !Set.of("arraycopy", "identityHashCode").contains(target.getName());
                })))
                .because("a store may apply an operation more than once, and a twin must agree with it");
    }

    ArchRule classesAreClosed() {
        return classes()
                .that(describe("are written as classes", type -> !type.isAnonymousClass() && !type.isInterface()))
                .should(satisfy("be final, sealed or abstract", ArchitectureRules::isClosed));
    }

    private static boolean isClosed(JavaClass type) {
        // An enum whose constants have bodies is not final, and closed all the same.
        return type.isEnum()
                || type.getModifiers().contains(JavaModifier.FINAL)
                || type.getModifiers().contains(JavaModifier.ABSTRACT)
                || type.reflect().isSealed();
    }

    ArchRule packagesAreNullMarked() {
        return classes().should(satisfy("be in a package that is @NullMarked", type -> type.getPackage()
                .isAnnotatedWith(NullMarked.class)));
    }

    ArchRule noMutableStatics() {
        return fields().that(describe("are static", ArchitectureRules::isStatic))
                .should()
                .beFinal();
    }

    private static boolean isStatic(JavaField field) {
        return Modifier.isStatic(field.reflect().getModifiers())
                && !field.getName().startsWith("ajc$");
    }

    /** An annotation and a domain type of one name cannot be imported side by side. */
    ArchRule annotationNamesAreTheirOwn() {
        return classes().that().areTopLevelClasses().should(new ArchCondition<>("not share the name of an annotation") {

            private final Set<String> annotations = new HashSet<>();

            @Override
            public void init(Collection<JavaClass> all) {
                all.stream()
                        .filter(JavaClass::isAnnotation)
                        .filter(ArchitectureRules.this::isGuardAnnotation)
                        .map(JavaClass::getSimpleName)
                        .forEach(annotations::add);
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!isGuardAnnotation(type) && annotations.contains(type.getSimpleName())) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " has the name of an annotation"));
                }
            }
        });
    }

    private boolean isGuardAnnotation(JavaClass type) {
        return type.getPackageName().equals(root + ".annotation");
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static ArchCondition<JavaClass> satisfy(String description, Predicate<JavaClass> predicate) {
        return ArchCondition.from(describe(description, predicate));
    }
}
