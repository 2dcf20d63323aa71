package io.github.stanchion.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Several instances of an application, each a JVM of its own, that are all alive and do the same at the same time. */
final class Fleet implements AutoCloseable {

    private final List<TestJvm> members = new ArrayList<>();

    private Fleet() {}

    /** Starts members and waits until all of them run. */
    static Fleet start(int size) {
        Fleet fleet = new Fleet();
        try {
            for (int i = 0; i < size; i++) {
                fleet.members.add(TestJvm.start(Map.of(), List.of(), FleetMember.class));
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
