package io.github.stanchion.spring.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears what this package logs, while open. */
final class Logs extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("io.github.stanchion");
    private final Level before = logger.getLevel();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Logs() {
        // Applications of other tests leave their levels behind.
        logger.setLevel(Level.INFO);
        logger.addHandler(this);
    }

    /** As in {@code WARNING: text}. */
    List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add((entry.getLevel().equals(Level.SEVERE) ? "ERROR" : entry.getLevel()) + ": " + entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(before);
    }
}
