package io.github.stanchion.redis;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.Architecture;
import redis.embedded.model.OS;
import redis.embedded.model.OsArchitecture;
import redis.embedded.util.IO;

/**
 * A server that tests can start.
 *
 * @param executable absolute path
 * @param origin where it was found, for failure messages
 */
record RedisBinary(Path executable, String origin) {

    static final String WAYS = "set REDIS_URL to a running server, put redis-server or valkey-server on the PATH,"
            + " or run on a platform for which the embedded-redis dependency has a binary (on Linux it needs libssl 3)";

    /** The server on the path, else the embedded one. */
    static RedisBinary find(String path) {
        RedisBinary installed = onPath(path);
        return installed != null ? installed : Embedded.BINARY;
    }

    static @Nullable RedisBinary onPath(String path) {
        for (String name : List.of("redis-server", "valkey-server")) {
            for (String directory : path.split(File.pathSeparator, -1)) {
                Path candidate = Path.of(directory, name);
                if (!directory.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                    return new RedisBinary(candidate.toAbsolutePath(), candidate + " (on the PATH)");
                }
            }
        }
        return null;
    }

    static RedisBinary embedded() {
        return Embedded.BINARY;
    }

    /** Unpacked once per JVM, into a directory of ours: the library itself leaves its own behind, and asks uname. */
    private static final class Embedded {

        static final RedisBinary BINARY = unpack();

        private static RedisBinary unpack() {
            String resource = ExecutableProvider.newProvidedVersionsMap().get(platform());
            if (resource == null) {
                throw new AssertionError("No Redis server for tests is found; " + WAYS);
            }
            try {
                Path directory = TestProcesses.ofThisJvm().directory("embedded");
                File executable = IO.writeResourceToExecutableFile(directory.toFile(), resource);
                return new RedisBinary(executable.toPath().toAbsolutePath(), "the binary of embedded-redis");
            } catch (IOException failed) {
                throw new AssertionError("The binary of embedded-redis cannot be unpacked; " + WAYS, failed);
            }
        }

        private static OsArchitecture platform() {
            boolean arm = System.getProperty("os.arch").equals("aarch64");
            return System.getProperty("os.name").startsWith("Mac")
                    ? new OsArchitecture(OS.MAC_OS_X, arm ? Architecture.aarch64 : Architecture.x86_64)
                    : new OsArchitecture(OS.UNIX, arm ? Architecture.aarch64 : Architecture.x86_64);
        }
    }
}
