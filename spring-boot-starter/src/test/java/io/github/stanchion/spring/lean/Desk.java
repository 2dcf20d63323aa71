package io.github.stanchion.spring.lean;

import io.github.stanchion.annotation.RateLimited;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A controller where there is a web; where there is none, a JVM passes over annotations that it does not have. */
@RestController
class Desk {

    @GetMapping("/desk")
    @RateLimited(limit = "2/1m")
    public String serve() {
        return "served";
    }
}
