package io.github.stanchion.samples.apilimits;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the sample. */
@SpringBootApplication
class ApiLimitsApplication {

    public static void main(String[] args) {
        SpringApplication.run(ApiLimitsApplication.class, args);
    }
}
