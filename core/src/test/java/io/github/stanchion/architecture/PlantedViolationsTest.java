package io.github.stanchion.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule finds what was planted for it, and nothing else. */
class PlantedViolationsTest {

    private static final String ROOT = "io.github.stanchion.architecture.planted";
    private static final ArchitectureRules RULES = new ArchitectureRules(ROOT, Set.of("OwnsAClock"));
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(ROOT);

    static Stream<Arguments> planted() {
        return Stream.of(
                violation(ArchitectureRules::noFrameworks, "UsesSlf4j"),
                violation(ArchitectureRules::timeIsToldByNamedClasses, "ReadsClock", "Sleeps"),
                violation(ArchitectureRules::operationsAreRecords, "NotARecord"),
                violation(ArchitectureRules::operationsArePure, "ThrowsDice"),
                violation(ArchitectureRules::classesAreClosed, "Open"),
                violation(ArchitectureRules::packagesAreNullMarked, "Unmarked"),
                violation(ArchitectureRules::noMutableStatics, "Remembers"),
                violation(ArchitectureRules::annotationNamesAreTheirOwn, "Limited"));
    }

    private static Arguments violation(Function<ArchitectureRules, ArchRule> rule, String... culprits) {
        return Arguments.of(rule.apply(RULES), List.of(culprits));
    }

    @ParameterizedTest
    @MethodSource("planted")
    void plantedViolationFails(ArchRule rule, List<String> culprits) {
        List<String> found = rule.evaluate(PLANTED).getFailureReport().getDetails();
        assertThat(found).allMatch(line -> culprits.stream().anyMatch(culprit -> line.contains("." + culprit)));
        culprits.forEach(culprit -> assertThat(found).anyMatch(line -> line.contains("." + culprit)));
    }

    @Test
    void forbiddenDependenciesFail() {
        List<String> found = RULES.dependencies().stream()
                .flatMap(rule -> rule.evaluate(PLANTED).getFailureReport().getDetails().stream())
                .toList();
        assertThat(found)
                .anyMatch(line -> line.contains("planted.store.KnowsGuard") && line.contains("planted.guard"))
                .anyMatch(line -> line.contains("planted.limit.KnowsAttempt") && line.contains("planted.attempt"))
                .anyMatch(line -> line.contains("planted.weave.Unmarked") && line.contains("planted.limit"))
                .anyMatch(line -> line.contains("planted.limit.UsesSlf4j"));
    }

    @Test
    void cyclesFail() {
        assertThat(RULES.noCycles().evaluate(PLANTED).getFailureReport().getDetails())
                .singleElement()
                .asString()
                .contains("planted.guard.KnowsStore", "planted.store.KnowsGuard");
    }
}
