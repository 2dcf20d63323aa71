package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.annotation.RateLimited;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@ExtendWith(OutputCaptureExtension.class)
class StartupReportTest {

    @Test
    void unknownKeyIsReportedWithItsRemedy(CapturedOutput output) {
        fails("--stanchion.rate-limits.search.capcity=5");

        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .containsPattern("Property stanchion\\.rate-limits\\.search\\.capcity '5' \\(.*\\) is unknown\\.")
                .contains("Did you mean 'capacity'? Below 'stanchion.rate-limits.search' there are");
    }

    @Test
    void wrongAnnotationIsReportedWithItsRemedy(CapturedOutput output) {
        fails("--stanchion.rate-limits.search=1/1m");

        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains("Rate limit 'serach' on Search.find is defined nowhere.")
                .contains("Did you mean 'search'? Else set stanchion.rate-limits.serach.limit");
    }

    @Test
    void unreadableLimitIsReportedWithItsFileAndLine(CapturedOutput output, @TempDir Path folder) throws Exception {
        fails(folder, "serach:", "  key: '#text'", "  limit: 5 per minute");

        assertThat(output.getAll())
                .containsPattern("Limit '5 per minute' of stanchion\\.rate-limits\\.serach\\.limit"
                        + " \\(.*application\\.yml\\] - 5:14\\) cannot be read\\.")
                .contains("Write <permits>/<period>, as in '100/1m'");
    }

    @Test
    void shortFormAndListAreReportedWithTheirFileAndLineToo(CapturedOutput output, @TempDir Path folder)
            throws Exception {
        fails(folder, "serach: 5 per minute");
        fails(folder, "serach:", "  limit:", "    - 5 an hour");

        assertThat(output.getAll())
                .containsPattern("'5 per minute' of stanchion\\S+serach\\.limit \\(.* - 3:13\\) cannot be read")
                .containsPattern("'5 an hour' of stanchion\\S+serach\\.limit \\(.* - 5:11\\) cannot be read");
    }

    private static void fails(Path folder, String... rateLimits) throws IOException {
        Files.writeString(
                folder.resolve("application.yml"),
                "stanchion:\n  rate-limits:\n    " + String.join("\n    ", rateLimits) + "\n");
        fails("--spring.config.location=" + folder + "/");
    }

    @Test
    void startIsReportedInTheApplicationsLog(CapturedOutput output) {
        try (ConfigurableApplicationContext context = run("--stanchion.rate-limits.serach=1/1m")) {
            assertThat(context.isRunning()).isTrue();
        }

        assertThat(output.getAll()).contains("1 guard on 1 method, store memory, weaving proxy");
        assertThat(output.getAll()).doesNotContain("is not eligible for getting processed");
    }

    private static void fails(String argument) {
        assertThatThrownBy(() -> run(argument).close()).isInstanceOf(Exception.class);
    }

    private static ConfigurableApplicationContext run(String argument) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(argument, "--spring.main.banner-mode=off");
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(StanchionAutoConfiguration.class)
    @Import(Search.class)
    static class Application {}

    static class Search {

        @RateLimited("serach")
        public String find(String text) {
            return text;
        }
    }
}
