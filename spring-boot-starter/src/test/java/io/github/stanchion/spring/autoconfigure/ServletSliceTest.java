package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Guards are real in a slice that imports nothing of ours, on memory whatever store the application has. */
@WebMvcTest(properties = {"stanchion.store=redis", "spring.data.redis.port=1"})
@WithMockUser
class ServletSliceTest {

    @Autowired
    private MockMvcTester mvc;

    @Test
    void controllersAreGuarded() {
        assertThat(mvc.get().uri("/search")).hasStatus(200);
        assertThat(mvc.get().uri("/search")).hasStatus(200);
        assertThat(mvc.get().uri("/search")).hasStatus(429).hasHeader("Retry-After", "30");
    }

    @RestController
    static class Controller {

        @GetMapping("/search")
        @RateLimited(limit = "2/1m")
        public String search() {
            return "found";
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Application {}
}
