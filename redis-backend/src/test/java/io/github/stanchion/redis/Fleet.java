package io.github.stanchion.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Several instances of an application, each a JVM of its own, that are all alive and do the same at the same time. */
final class Fleet implements AutoCloseable {

    private final List<TestJvm> members = new ArrayList<>();

    private Fleet() {}

    /** Starts members and waits until all of them run. */
    static Fleet start(int size) {
        return start(Collections.nCopies(size, List.of()));
    }

    /** As {@link #start(int)}, one member for each of these options of a JVM. */
    static Fleet start(List<List<String>> options) {
        Fleet fleet = new Fleet();
        try {
            for (List<String> each : options) {
                fleet.members.add(TestJvm.start(Map.of(), each, FleetMember.class));
            }
            fleet.answers();
            return fleet;
        } catch (RuntimeException | AssertionError failed) {
            fleet.close();
            throw failed;
        }
    }

    /** Opens the store in all of them. */
    void open(boolean cluster, List<String> uris, String prefix) {
        all("open " + (cluster ? "cluster " : "single ") + prefix + " " + String.join(",", uris));
    }

    /** Each member asks {@code calls} times; how many calls were admitted in all. */
    int admitted(String limit, String key, int calls) {
        return all("call " + limit + " " + key + " " + calls).stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** What each member takes for the time, by each clock of the JDK. */
    List<List<Instant>> clocks() {
        return all("clock").stream()
                .map(line ->
                        Arrays.stream(line.split(" ", -1)).map(Instant::parse).toList())
                .toList();
    }

    /** Closes the store in all of them. */
    void shut() {
        all("shut");
    }

    private List<String> all(String line) {
        members.forEach(member -> member.tell(line));
        return answers();
    }

    private List<String> answers() {
        return members.stream().map(TestJvm::line).toList();
    }

    @Override
    public void close() {
        members.forEach(TestJvm::close);
    }
}
