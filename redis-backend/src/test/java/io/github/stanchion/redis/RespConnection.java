package io.github.stanchion.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks just enough of the protocol to ask a server from a test, without the client that the code under
 * test uses. Blocking; for one thread.
 */
final class RespConnection implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RespConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    static RespConnection to(int port) {
        return to(URI.create("redis://127.0.0.1:" + port));
    }

    /** Connects to {@code redis[s]://[[user:]password@]host[:port][/database]}. */
    static RespConnection to(URI server) {
        Socket socket = new Socket();
        try {
            int port = server.getPort() < 0 ? 6379 : server.getPort();
            socket.connect(new InetSocketAddress(server.getHost(), port), (int) PATIENCE.toMillis());
            if ("rediss".equals(server.getScheme())) {
                socket = ((SSLSocketFactory) SSLSocketFactory.getDefault())
                        .createSocket(socket, server.getHost(), port, true);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            RespConnection connection = new RespConnection(socket);
            connection.introduce(server);
            return connection;
        } catch (IOException failed) {
            close(socket);
            throw new UncheckedIOException("No connection to " + server.getHost() + ":" + server.getPort(), failed);
        } catch (RuntimeException refused) {
            close(socket);
            throw refused;
        }
    }

    private void introduce(URI server) {
        if (server.getUserInfo() != null) {
            String[] user = server.getUserInfo().split(":", 2);
            if (user.length == 2 && !user[0].isEmpty()) {
                command("AUTH", user[0], user[1]);
            } else {
                command("AUTH", user[user.length - 1]);
            }
        }
        if (server.getPath() != null && server.getPath().length() > 1) {
            command("SELECT", server.getPath().substring(1));
        }
    }

    /**
     * Sends a command and waits for its reply: {@code String}, {@code Long}, a list of replies, or null for nil.
     *
     * @throws IllegalStateException with the server's words, if it answers with an error
     */
    @Nullable
    Object command(String... words) {
        try {
            write(words);
            return read();
        } catch (IOException lost) {
            throw new UncheckedIOException("No reply to " + words[0], lost);
        }
    }

    /** Waits for one more reply to a command that is answered more than once, such as MONITOR. */
    @Nullable
    Object next() {
        try {
            return read();
        } catch (IOException lost) {
            throw new UncheckedIOException("No further reply", lost);
        }
    }

    private void write(String... words) throws IOException {
        out.write(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }

    private @Nullable Object read() throws IOException {
        String head = line();
        String rest = head.substring(1);
        return switch (head.charAt(0)) {
            case '+' -> rest;
            case '-' -> throw new IllegalStateException(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("Reply '" + head + "' is of no known type");
        };
    }

    private @Nullable String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        line();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> array(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(read());
        }
        return elements;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            throw new UncheckedIOException(alreadyGone);
        }
    }
}
