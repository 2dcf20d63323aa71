package io.github.stanchion.spring.test;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.spring.autoconfigure.Documents;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What readers copy from the documents compiles, in an application that has what {@link DocumentedGiven} has. */
class DocumentedJavaTest {

    private static final Pattern LEFT_OUT = Pattern.compile("\\{ (\\.\\.\\.|…) \\}");
    private static final Pattern MEMBER = Pattern.compile("(?m)^(private |static |class |@|\\w+ \\w+\\(.*\\) \\{)");

    private static final String IMPORTS = Stream.of(
                    "io.github.stanchion.annotation.*",
                    "static io.github.stanchion.annotation.OnContention.*",
                    "static io.github.stanchion.annotation.RateAlgorithm.*",
                    "io.github.stanchion.guard.*",
                    "io.github.stanchion.limit.*",
                    "io.github.stanchion.lock.*",
                    "io.github.stanchion.memory.*",
                    "io.github.stanchion.spring.test.*",
                    "static io.github.stanchion.spring.test.GuardAssertions.*",
                    "io.github.stanchion.store.*",
                    "io.github.stanchion.store.primitive.*",
                    "io.github.stanchion.testkit.*",
                    "java.time.*",
                    "java.util.*",
                    "java.util.concurrent.*",
                    "org.junit.jupiter.api.Test",
                    "static org.assertj.core.api.Assertions.assertThat",
                    "org.springframework.beans.factory.annotation.Autowired",
                    "org.springframework.boot.test.context.TestConfiguration",
                    "org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest",
                    "org.springframework.context.annotation.Bean",
                    "org.springframework.context.event.EventListener",
                    "org.springframework.scheduling.annotation.Scheduled",
                    "org.springframework.test.web.servlet.assertj.MockMvcTester",
                    "org.springframework.web.bind.annotation.*")
            .map(name -> "import " + name + ";")
            .collect(joining("\n"));

    @TempDir
    private Path classes;

    /** The guide for stores of one's own quotes a sample, which is held to it there. */
    static Stream<Arguments> blocks() throws IOException {
        return Documents.blocks("java").filter(block -> !((String) block.get()[0]).startsWith("own-store.md"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void blocksCompile(String place, String block) {
        assertThat(errors(block)).as(place).isEmpty();
    }

    @Test
    void blockThatAsksForWhatIsNotThereDoesNot() {
        assertThat(errors("limiters.tryAcquire(\"search\", \"alice\").refused();\n"))
                .contains("refused");
        assertThat(errors("@RateLimited(limits = \"5/1h\")\n")).contains("limits");
    }

    private String errors(String block) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath);
        boolean compiles = compiler.getTask(errors, null, null, options, null, List.of(source(block)))
                .call();
        return compiles ? "" : errors.toString();
    }

    private static JavaFileObject source(String block) {
        String code = "package " + DocumentedGiven.class.getPackageName() + ";\n" + IMPORTS
                + "\nabstract class Block extends DocumentedGiven {\n" + body(block) + "\n}\n";
        return new SimpleJavaFileObject(URI.create("string:///Block.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }

    /** Blocks are members of a class, lines of annotations, or what stands in a method. */
    private static String body(String block) {
        String whole = LEFT_OUT.matcher(block).replaceAll("{ throw new UnsupportedOperationException(); }");
        if (whole.lines().allMatch(line -> line.startsWith("@"))) {
            List<String> lines =
                    whole.lines().map(line -> line.replaceAll(" //.*", "")).toList();
            return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                    .map(i -> lines.get(i) + " void method" + i + "() {}")
                    .collect(joining("\n"));
        }
        return MEMBER.matcher(whole).find() ? whole : "Object run() throws Exception {\n" + whole + "\nreturn null;\n}";
    }
}
