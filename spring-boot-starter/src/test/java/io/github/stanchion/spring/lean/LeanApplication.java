package io.github.stanchion.spring.lean;

import io.github.stanchion.guard.GuardRejectedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application of one limited method and no settings, of whatever is on the class path.
 *
 * <p>Answers each line that it is told by one of its own: {@code port}, {@code call}, {@code threads}, {@code beans}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class LeanApplication {

    /** How its answers begin, among lines of the log. */
    static final String ANSWER = "answer: ";

    @Bean
    Desk desk() {
        return new Desk();
    }

    public static void main(String[] args) throws IOException {
        SpringApplication application = new SpringApplication(LeanApplication.class);
        application.setLogStartupInfo(false);
        try (ConfigurableApplicationContext context = application.run(
                        "--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=warn");
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(ANSWER + answer(line, context));
            }
        }
    }

    private static String answer(String question, ConfigurableApplicationContext context) {
        return switch (question) {
            case "port" -> context.getEnvironment().getProperty("local.server.port", "none");
            case "call" -> call(context.getBean(Desk.class));
            case "threads" ->
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .collect(Collectors.joining(","));
            default -> String.join(",", context.getBeanDefinitionNames());
        };
    }

    private static String call(Desk desk) {
        try {
            return desk.serve();
        } catch (GuardRejectedException refused) {
            return "refused";
        }
    }
}
