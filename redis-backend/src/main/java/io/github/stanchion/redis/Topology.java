package io.github.stanchion.redis;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Which server answers for which slot. Thread-safe; nobody waits. */
interface Topology extends AutoCloseable {

    /** The slot of a key; 0 for all of them where one server has them all. */
    int slot(byte[] key);

    /** Sends the call to the server that has its slot, once that is known. */
    void deliver(Call<?> call);

    /** Sends the call to the server at this address, to which another one referred. */
    void deliver(Call<?> call, String address);

    /** A slot lies elsewhere than was thought. */
    void moved(int slot, String address);

    /** Looks again who has what, unless that is under way; without servers that share slots there is nothing to do. */
    void refresh();

    /** A call ended before its server was known. */
    void undelivered();

    /** All primaries, in an order that lasts as long as they do. */
    CompletionStage<List<Node>> primaries();

    /** The primaries known so far. */
    List<Node> known();

    /** Where to subscribe: any of them will do. */
    List<RedisURI> subscribable();

    /** Whether keys are spread over slots. */
    boolean isCluster();

    @Override
    void close();
}
