package io.github.stanchion.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Operation;
import io.github.stanchion.testkit.OperationFamily;
import io.github.stanchion.testkit.Twin;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No part of a script goes without a walk, and no walk without mutants that it must find out. */
class LuaPartsTest {

    /** The instrument itself, which runs in tests alone. */
    private static final String WALK = "walk.lua";

    @Test
    void everyPartHasThreeMutantsAtLeast() throws Exception {
        for (String part : parts()) {
            assertThat(Stream.of(LuaMutants.ON_WALKS, LuaMutants.ON_TEXTS, LuaMutants.ON_FRAMES)
                            .flatMap(List::stream)
                            .filter(mutant -> mutant.file().equals(part)))
                    .as("mutants of %s", part)
                    .hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void everyMutantMeetsTheWalkOfItsPart() {
        List<String> walked = TwinFamily.ALL.stream()
                .flatMap(family -> family.files().stream())
                .toList();
        assertThat(LuaMutants.ON_WALKS).allMatch(mutant -> walked.contains(mutant.file()));
    }

    @Test
    void everyTwinIsWalked() throws Exception {
        List<String> walked = new ArrayList<>();
        for (TwinFamily family : TwinFamily.ALL) {
            Set<String> met = new HashSet<>();
            for (int walk = 0; walk < 100; walk++) {
                OperationFamily operations = family.draw(new Random(walk * 0x9E3779B97F4A7C15L));
                Twin reference = Twin.reference();
                for (int step = 0; step < 100; step++) {
                    Operation<?> operation = operations.next();
                    met.add(operation.name());
                    Twin.Outcome outcome = reference.run(operation, 1_800_000_000_000_000L + step);
                    if (outcome.result() != null) {
                        operations.answered(operation, outcome.result());
                    }
                }
            }
            assertThat(met).containsExactlyInAnyOrderElementsOf(family.operations());
            family.operations().forEach(operation -> walked.add(ScriptText.twinFile(operation)));
        }
        assertThat(parts().stream().filter(part -> !part.startsWith("_") && !part.startsWith("run")))
                .containsExactlyInAnyOrderElementsOf(walked);
    }

    private static List<String> parts() throws IOException, URISyntaxException {
        List<String> parts = new ArrayList<>();
        for (String known : List.of("run.lua", WALK)) {
            Path folder = Path.of(LuaPartsTest.class.getResource(known).toURI()).getParent();
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".lua") && !name.equals(WALK))
                        .forEach(parts::add);
            }
        }
        assertThat(parts).contains("run.lua", "_cells.lua", "rate_bucket.lua", "probe_add.lua");
        return parts.stream().distinct().toList();
    }
}
