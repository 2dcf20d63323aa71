package io.github.stanchion.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.stanchion.limit.RateLimiters;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.http.ClientConfig;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** What only a real browser tells of the console: that its policy lets it run, and that it fits a small screen. */
@Tag("chromium")
@Timeout(120)
class StanchionConsoleChromiumTest {

    private static final String WRITABLE = "--management.endpoint.stanchion.access=unrestricted";
    /** It looks every two seconds; the machine may be busy. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private ChromeDriver browser;
    private ConfigurableApplicationContext application;

    @BeforeEach
    void startBrowser(@TempDir Path profile) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments("--headless", "--user-data-dir=" + profile);
        if (System.getProperty("user.name").equals("root")) {
            // Chromium refuses to start as root with its sandbox, and builds in containers often are root.
            options.addArguments("--no-sandbox");
        }
        options.setCapability("goog:loggingPrefs", logs);
        // With both paths given, Selenium looks for nothing, and downloads nothing.
        ChromeDriverService driver = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        browser = new ChromeDriver(driver, options, ClientConfig.defaultConfig().readTimeout(SOON.multipliedBy(2)));
        browser.manage().timeouts().pageLoadTimeout(SOON).scriptTimeout(SOON);
    }

    /** The browser first, as the page would complain of a server that is gone. */
    @AfterEach
    void quitBrowserAndCloseApplication() {
        if (browser == null) {
            return; // It did not start, nor then did anything else.
        }
        try {
            assertNoComplaints();
        } finally {
            browser.quit();
            if (application != null) {
                application.close();
            }
        }
    }

    @Test
    void showsWhatHappensAndHelpsSubjects() {
        open(WRITABLE);
        awaitText("store", "Store: memory");
        awaitText("rate-limits", "search 2 per 1h enforce", " 0 0 none Subject");

        RateLimiters limiters = application.getBean(RateLimiters.class);
        while (limiters.tryAcquire("search", "alice").admitted()) {}
        awaitText("rate-limits", " 2 1 ");
        assertThat(text("rate-limits")).doesNotContain("none", "alice");

        press("rate-limits", "Subject");
        browser.findElement(By.id("key")).sendKeys("alice");
        press("subject", "Look");
        awaitText("answer", "remaining: 0");
        press("subject", "Give all permits back");
        awaitText("answer", "reset: true");
        assertThat(limiters.peek("search", "alice").remaining()).isEqualTo(2);
    }

    @Test
    void hasNoButtonsWhereNothingMayBeWritten() {
        open(WRITABLE, "--management.endpoints.access.max-permitted=read-only");
        awaitText("rate-limits", "search");
        assertThat(browser.findElements(By.tagName("button"))).noneMatch(WebElement::isDisplayed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void fitsASmallScreenInEitherColourScheme(String scheme) {
        emulate(
                "setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", false));
        emulate(
                "setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        open(WRITABLE);
        press("rate-limits", "Subject");
        press("subject", "Look");
        awaitText("answer", "remaining: 2");
        assertThat(evaluate("return innerWidth")).isEqualTo(360L);
        assertThat((Long) evaluate("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(360);
        assertThat(evaluate("return getComputedStyle(document.body).color"))
                .isEqualTo(scheme.equals("dark") ? "rgb(255, 255, 255)" : "rgb(0, 0, 0)");
    }

    private void open(String... arguments) {
        SpringApplication starter = new SpringApplication(StanchionConsoleTest.Application.class);
        starter.setWebApplicationType(WebApplicationType.SERVLET);
        starter.setDefaultProperties(Map.of(
                "server.port", "0",
                "management.endpoints.web.exposure.include", "stanchion,stanchionconsole",
                "stanchion.rate-limits.search", "2/1h"));
        application = starter.run(arguments);
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        browser.get("http://127.0.0.1:" + port + "/actuator/stanchionconsole");
        assertNoComplaints();
    }

    /** Errors of scripts and requests, and what the policy of the page has kept from it. */
    private void assertNoComplaints() {
        assertThat(browser.manage().logs().get(LogType.BROWSER)).isEmpty();
    }

    private void awaitText(String id, String... texts) {
        await().atMost(SOON).untilAsserted(() -> assertThat(text(id)).contains(texts));
    }

    /** What can be seen of an element, on one line. */
    private String text(String id) {
        return browser.findElement(By.id(id)).getText().replaceAll("\\s+", " ");
    }

    private void press(String within, String label) {
        By button = By.xpath("//*[@id='" + within + "']//button[.='" + label + "']");
        await().atMost(SOON).until(() -> browser.findElements(button).stream().anyMatch(WebElement::isDisplayed));
        browser.findElement(button).click();
    }

    private Object evaluate(String script) {
        return browser.executeScript(script);
    }

    private void emulate(String command, Map<String, Object> parameters) {
        browser.executeCdpCommand("Emulation." + command, parameters);
    }
}
