package io.github.stanchion.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and a server and delays or drops requests or answers on demand, on a line that looks open, or cuts
 * it.
 *
 * <p>What was dropped is gone: cut the line before it is of use again.
 */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listening;
    private volatile int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean swallowingRequests;
    private volatile boolean swallowingReplies;
    private volatile long delayNanos;

    CuttingProxy(int target) {
        this.target = target;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        thread(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    String uri() {
        return "redis://127.0.0.1:" + port();
    }

    /** From now on requests do not reach the server any more. */
    void swallowRequests() {
        swallowingRequests = true;
    }

    /** From now on answers do not reach clients any more; requests reach the server. */
    void swallowReplies() {
        swallowingReplies = true;
    }

    /** From now on all that passes takes so long in each direction; 0 ends it, and whatever is under way keeps its order. */
    void delay(Duration each) {
        delayNanos = each.toNanos();
    }

    /** From now on new lines lead to another server. */
    void redirect(int other) {
        target = other;
    }

    /** Cuts all lines; new ones work again. */
    void cut() {
        closeAll();
        swallowingRequests = false;
        swallowingReplies = false;
        delayNanos = 0;
        // A line that came in between may have lost something already.
        closeAll();
    }

    private void closeAll() {
        List<Socket> old = List.copyOf(sockets);
        sockets.removeAll(old);
        old.forEach(CuttingProxy::close);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                join(client);
            } catch (IOException closed) {
                // The next round sees whether it is over.
            }
        }
    }

    private void join(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            thread(() -> pump(client, server, false));
            thread(() -> pump(server, client, true));
        } catch (IOException refused) {
            close(client);
        }
    }

    private void pump(Socket from, Socket to, boolean replies) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                LockSupport.parkNanos(delayNanos);
                if (!(replies ? swallowingReplies : swallowingRequests)) {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
        } catch (IOException cut) {
            // Both ends are closed with it.
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        cut();
    }
}
