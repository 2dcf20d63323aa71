package io.github.stanchion.samples.directorystore;

import io.github.stanchion.store.MicroClock;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.AsyncTaskExecutor;

/** Starts the sample, once or several times: all instances on one machine share their limits. */
@SpringBootApplication
class DirectoryStoreApplication {

    public static void main(String[] args) {
        SpringApplication.run(DirectoryStoreApplication.class, args);
    }

    /** The store of all guards, counters and values, in place of the one in memory. */
    @Bean
    DirectoryStore store(
            @Value("${store.folder}") Path folder, ObjectProvider<MicroClock> clock, AsyncTaskExecutor executor) {
        return new DirectoryStore(folder, clock.getIfUnique(() -> DirectoryStoreApplication::machineMicros), executor);
    }

    /** The wall clock, which all processes of the machine share; that it may step is allowed for. */
    private static long machineMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
