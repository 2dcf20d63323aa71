package io.github.stanchion.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import io.github.stanchion.annotation.WithLock;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.spring.WithoutSecurity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.htmlunit.WebClient;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.SecurityFilterChain;

/** The console as a browser shows it. */
class StanchionConsoleTest {

    private static final String WRITABLE = "--management.endpoint.stanchion.access=unrestricted";
    /** It looks every two seconds; the machine may be busy. */
    private static final Duration SOON = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource(value = WebApplicationType.class, names = "NONE", mode = Mode.EXCLUDE)
    void showsWhatHappensAndHelpsSubjects(WebApplicationType type) throws Exception {
        try (ConfigurableApplicationContext application = application(type, WRITABLE);
                Browser browser = new Browser(application, "/actuator")) {
            RateLimiters limiters = application.getBean(RateLimiters.class);
            browser.awaitText("store", "Store: memory");
            browser.awaitText("rate-limits", "search\t2 per 1h\tenforce\t");
            browser.awaitText("rate-limits", "\t0\t0\tnone\t");
            browser.awaitText("locks", "reindex\tenforce\tService.reindex\t0\t");

            while (limiters.tryAcquire("search", "alice").admitted()) {}
            browser.awaitText("rate-limits", "\t2\t1\t");
            browser.await(() -> !browser.text("rate-limits").contains("none"), () -> browser.text("rate-limits"));
            assertThat(browser.text("rate-limits")).doesNotContain("alice");

            browser.press("rate-limits", "Subject");
            browser.type("key", "alice");
            browser.press("subject", "Look");
            browser.awaitText("answer", "remaining: 0");
            browser.press("subject", "Give all permits back");
            browser.awaitText("answer", "reset: true");
            assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(2);
            browser.awaitText("events", "rate-limit search\trejected\tsubject: ");
            browser.awaitText("events", "rate-limit search\taction\taction: reset\t");

            // Closed, or this thread's next tests would be in its scope.
            try (Lease lease = application.getBean(Locks.class).acquire("reindex", "alice")) {
                browser.awaitText("locks", "\t1");
                browser.awaitText("held", "reindex\t" + lease.keyHashes().get(0) + "\t");
                browser.press("locks", "Subject");
                browser.press("subject", "Take the lock away");
                browser.awaitText("answer", "released: true");
                assertThat(lease.isHeld()).isFalse();
            }

            assertThat(get(application, "/actuator/stanchionconsole").headers().firstValue("Content-Type"))
                    .contains("text/html;charset=UTF-8");
        }
    }

    @Test
    void helpsThoseWhoAreRefusedMostWithoutTheirKeys() throws Exception {
        try (ConfigurableApplicationContext application = application(WebApplicationType.SERVLET, WRITABLE);
                Browser browser = new Browser(application, "/actuator")) {
            RateLimiters limiters = application.getBean(RateLimiters.class);
            while (limiters.tryAcquire("search", "alice").admitted()) {}
            browser.awaitText("refused", "search\t");
            assertThat(browser.text("refused")).contains("\t1\t").doesNotContain("alice");
            browser.press("refused", "Choose");
            browser.press("subject", "Look");
            browser.awaitText("answer", "remaining: 0");
            browser.press("subject", "Give all permits back");
            browser.awaitText("answer", "reset: true");
            assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(2);

            try (Lease lease = application.getBean(Locks.class).acquire("reindex", "alice")) {
                browser.press("held", "Choose");
                browser.press("subject", "Take the lock away");
                browser.awaitText("answer", "released: true");
                assertThat(lease.isHeld()).isFalse();
            }
        }
    }

    @Test
    void showsKeysToWhomTheEndpointDoes() throws Exception {
        try (ConfigurableApplicationContext application = application(
                        WebApplicationType.SERVLET,
                        "--management.endpoint.stanchion.show-values=always",
                        "--stanchion.rate-limits.export=1/1h");
                Browser browser = new Browser(application, "/actuator")) {
            RateLimiters limiters = application.getBean(RateLimiters.class);
            while (limiters.tryAcquire("search", "alice").admitted()) {}
            browser.awaitText("warnings", "Rate limit 'export' is used by no annotation");
            browser.awaitText("refused", "search\talice\t1\t");
            browser.awaitText("events", "subject: alice");
            try (Lease lease = application.getBean(Locks.class).acquire("reindex", "bob")) {
                browser.awaitText("held", "reindex\tbob\t");
                assertThat(lease.isHeld()).isTrue();
            }
            assertThat(browser.buttons()).isZero();
        }
    }

    @Test
    void worksBelowABasePathOnAPortOfItsOwn() throws Exception {
        try (ConfigurableApplicationContext application = application(
                        WebApplicationType.SERVLET,
                        WRITABLE,
                        "--management.server.port=0",
                        "--management.server.base-path=/inside",
                        "--management.endpoints.web.base-path=/manage",
                        "--server.servlet.context-path=/app");
                Browser browser = new Browser(application, "/inside/manage")) {
            browser.awaitText("store", "Store: memory");
            browser.press(null, "Reload settings");
            browser.awaitText("message", "Reloaded");
        }
    }

    @Test
    void hasNoButtonsWhereNothingMayBeWritten() throws Exception {
        try (ConfigurableApplicationContext application = application(
                        WebApplicationType.SERVLET, WRITABLE, "--management.endpoints.access.max-permitted=read-only");
                Browser browser = new Browser(application, "/actuator")) {
            browser.awaitText("locks", "Service.reindex");
            browser.letScriptsRun();
            assertThat(browser.buttons()).isZero();
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        try (ConfigurableApplicationContext application = application(
                        WebApplicationType.SERVLET, "--management.endpoints.web.exposure.include=stanchionconsole");
                Browser browser = new Browser(application, "/actuator")) {
            browser.awaitText("state", "Endpoint 'stanchion' is not there");
        }
    }

    @Test
    void sendsTheTokenThatSpringSecurityWants() throws Exception {
        try (ConfigurableApplicationContext application = start(
                        SecuredApplication.class, WebApplicationType.SERVLET, WRITABLE, "--token-in-cookie=true");
                Browser browser = new Browser(application, "/actuator")) {
            browser.awaitText("store", "Store: memory");
            browser.press(null, "Reload settings");
            browser.awaitText("message", "Reloaded");
        }
        try (ConfigurableApplicationContext application = start(
                        SecuredApplication.class, WebApplicationType.SERVLET, WRITABLE, "--token-in-cookie=false");
                Browser browser = new Browser(application, "/actuator")) {
            browser.awaitText("store", "Store: memory");
            browser.press(null, "Reload settings");
            browser.awaitText("message", "Spring Security wants its CSRF token");
        }
    }

    @Test
    void isNotThereUnlessExposed() throws Exception {
        try (ConfigurableApplicationContext application = application(
                WebApplicationType.SERVLET, "--management.endpoints.web.exposure.include=health,stanchion")) {
            assertThat(get(application, "/actuator/stanchionconsole").statusCode())
                    .isEqualTo(404);
            assertThat(application.containsBean("stanchionConsoleEndpoint")).isFalse();
        }
    }

    @Test
    void isNotExposedByDefault() throws Exception {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        try (ConfigurableApplicationContext started =
                application.run("--server.port=0", "--stanchion.rate-limits.search=2/1h")) {
            assertThat(get(started, "/actuator").statusCode()).isEqualTo(200);
            for (String endpoint : List.of("stanchion", "stanchionconsole")) {
                assertThat(get(started, "/actuator/" + endpoint).statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void runsNoScriptAndNoStyleButItsOwn() throws Exception {
        String page = new StanchionConsoleEndpoint().page().getContentAsString(StandardCharsets.UTF_8);
        assertThat(page)
                .contains("script-src '" + hash(page, "script") + "';")
                .contains("style-src '" + hash(page, "style") + "';")
                .contains("default-src 'none'; ")
                .doesNotContain("innerHTML")
                .doesNotContain("style=")
                .doesNotContain("src=", "href=");
    }

    private static String hash(String page, String element) throws Exception {
        Matcher body =
                Pattern.compile("(?s)<" + element + ">(.*)</" + element + ">").matcher(page);
        assertThat(body.find()).isTrue();
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(body.group(1).getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext application, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port(application) + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static String port(ConfigurableApplicationContext application) {
        String own = application.getEnvironment().getProperty("local.management.port");
        return own == null ? application.getEnvironment().getRequiredProperty("local.server.port") : own;
    }

    private static ConfigurableApplicationContext application(WebApplicationType type, String... arguments) {
        return start(Application.class, type, arguments);
    }

    private static ConfigurableApplicationContext start(
            Class<?> configuration, WebApplicationType type, String... arguments) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(type);
        application.setDefaultProperties(Map.of(
                "server.port", "0",
                "management.endpoints.web.exposure.include", "stanchion,stanchionconsole",
                "stanchion.rate-limits.search", "2/1h"));
        return application.run(arguments);
    }

    /** A page in a browser, and what people do with it. */
    private static final class Browser implements AutoCloseable {

        private final WebClient client = new WebClient();
        private final HtmlPage page;

        private Browser(ConfigurableApplicationContext application, String base) throws IOException {
            client.getOptions().setThrowExceptionOnScriptError(true);
            client.getOptions().setCssEnabled(false);
            page = client.getPage("http://127.0.0.1:" + port(application) + base + "/stanchionconsole");
        }

        /** The text of an element, its cells apart. */
        String text(String id) {
            StringBuilder text = new StringBuilder();
            HtmlElement element = page.getHtmlElementById(id);
            if (element.getElementsByTagName("tr").isEmpty()) {
                return element.getTextContent();
            }
            element.getElementsByTagName("tr").forEach(row -> row.getChildElements()
                    .forEach(cell -> text.append(cell.getTextContent()).append('\t')));
            return text.toString();
        }

        void awaitText(String id, String text) throws Exception {
            await(() -> text(id).contains(text), () -> id + ": " + text(id));
        }

        void type(String id, String text) throws IOException {
            ((HtmlInput) page.getHtmlElementById(id)).type(text);
        }

        void press(String within, String label) throws Exception {
            await(() -> button(within, label) != null, page::asNormalizedText);
            button(within, label).click();
        }

        private HtmlButton button(String within, String label) {
            HtmlElement place = within == null ? page.getBody() : page.getHtmlElementById(within);
            return place.getElementsByTagName("button").stream()
                    .map(HtmlButton.class::cast)
                    .filter(button -> button.getTextContent().equals(label) && isShown(button))
                    .findFirst()
                    .orElse(null);
        }

        long buttons() {
            return page.getElementsByTagName("button").stream()
                    .filter(button -> isShown((HtmlElement) button))
                    .count();
        }

        private static boolean isShown(HtmlElement element) {
            for (Object each = element; each instanceof HtmlElement node; each = node.getParentNode()) {
                if (node.hasAttribute("hidden")) {
                    return false;
                }
            }
            return true;
        }

        /** What was begun is done, and what comes now and then has come again. */
        void letScriptsRun() {
            client.waitForBackgroundJavaScript(2_500);
        }

        void await(Callable<Boolean> condition, Callable<String> otherwise) throws Exception {
            Instant end = Instant.now().plus(SOON);
            while (!condition.call()) {
                assertThat(Instant.now()).as("in time; " + otherwise.call()).isBefore(end);
                client.waitForBackgroundJavaScript(50);
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @WithoutSecurity
    static class Application {

        @Bean
        Service service() {
            return new Service();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SecuredApplication {

        @Bean
        Service service() {
            return new Service();
        }

        @Bean
        SecurityFilterChain everybody(HttpSecurity http, @Value("${token-in-cookie}") boolean inCookie) {
            http.authorizeHttpRequests(all -> all.anyRequest().permitAll());
            return inCookie ? http.csrf(CsrfConfigurer::spa).build() : http.build();
        }
    }

    public static class Service {

        @RateLimited("search")
        public String search() {
            return "found";
        }

        @WithLock(name = "reindex", key = "#shop")
        public String reindex(String shop) {
            return shop;
        }
    }
}
