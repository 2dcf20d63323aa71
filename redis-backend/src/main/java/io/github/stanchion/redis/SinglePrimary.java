package io.github.stanchion.redis;

import io.github.stanchion.store.StoreUnreachableException;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One primary that has all keys; behind Sentinels, whichever they name when a connection is opened. */
final class SinglePrimary implements Topology {

    private final RedisURI uri;
    private final Node node;

    SinglePrimary(RedisURI uri, Courier courier, Connector connector) {
        this.uri = uri;
        node = new Node(Connector.name(uri), courier, () -> connector.connect(uri));
    }

    @Override
    public int slot(byte[] key) {
        return 0;
    }

    @Override
    public void deliver(Call<?> call) {
        node.send(call);
    }

    @Override
    public void deliver(Call<?> call, String address) {
        call.fail(new StoreUnreachableException("Redis at " + node.address()
                + " is a server of a Cluster; nothing was applied, connect to it as a Cluster"));
    }

    @Override
    public void moved(int slot, String address) {}

    @Override
    public void refresh() {}

    @Override
    public void undelivered() {}

    @Override
    public CompletionStage<List<Node>> primaries() {
        return CompletableFuture.completedFuture(known());
    }

    @Override
    public List<Node> known() {
        return List.of(node);
    }

    @Override
    public List<RedisURI> subscribable() {
        return List.of(uri);
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public void close() {
        node.close();
    }
}
