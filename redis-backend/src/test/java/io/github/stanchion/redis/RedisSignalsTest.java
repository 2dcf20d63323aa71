package io.github.stanchion.redis;

import static io.github.stanchion.redis.Steps.add;
import static io.github.stanchion.redis.Steps.await;
import static io.github.stanchion.redis.Steps.key;
import static io.github.stanchion.redis.Steps.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Signals;
import io.github.stanchion.testkit.Probe;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisSignalsTest {

    private static final int MANY = 10_000;

    private OwnRedis server;
    private RedisStore store;

    @BeforeEach
    void start() {
        server = OwnRedis.start();
        store = TestStores.on(server).build();
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    /** Writes down what it hears. */
    private static final class Heard implements Signals.Listener {
        private final List<Long> numbers = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger gaps = new AtomicInteger();

        @Override
        public void onSignal(Signal signal) {
            numbers.add(signal.details().get(0));
        }

        @Override
        public void onGap() {
            gaps.incrementAndGet();
        }
    }

    private void tell(long number) {
        store.execute(key("told"), new Probe.Tell(number, Steps.DAY));
    }

    private Signals.Subscription subscribe(Signals.Listener listener) {
        return store.signals().subscribe(Probe.KIND, Probe.TOPIC, listener);
    }

    @Test
    void whatFollowsASubscriptionIsHeardAndItsChangeIsVisible() throws Exception {
        Heard heard = new Heard();
        List<CompletionStage<Probe.Seen>> onArrival = Collections.synchronizedList(new ArrayList<>());
        try (Signals.Subscription open = subscribe(heard);
                Signals.Subscription looks =
                        subscribe(signal -> onArrival.add(store.executeAsync(key("told"), new Probe.Read())))) {
            assertThat(open).isNotSameAs(looks);
            for (int i = 0; i < MANY; i++) {
                tell(i);
            }
            until("all are heard", () -> heard.numbers.size() == MANY && onArrival.size() == MANY);
            for (int i = 0; i < MANY; i++) {
                assertThat(heard.numbers.get(i)).isEqualTo(i);
                assertThat(Steps.number(await(onArrival.get(i)))).isGreaterThanOrEqualTo(i);
            }
            assertThat(heard.gaps).hasValue(0);
            assertThat(store.stats().signals()).isEqualTo(MANY);
        }
    }

    @Test
    void aBrokenConnectionIsOneGapAndLaterSignalsAreHeard() throws Exception {
        Heard heard = new Heard();
        try (Signals.Subscription open = subscribe(heard)) {
            tell(1);
            until("the first is heard", () -> heard.numbers.size() == 1);
            server.command("CLIENT", "KILL", "TYPE", "pubsub");
            until("the gap is told", () -> heard.gaps.get() == 1);
            tell(2);
            until("the second is heard", () -> heard.numbers.size() == 2);
            assertThat(heard.gaps).hasValue(1);
            assertThat(store.stats().gaps()).isEqualTo(1);
            assertThat(open).isNotNull();
        }
    }

    @Test
    void aSubscriptionWithoutAServerStandsOnceThereIsOneAndIsToldOfTheGap() throws Exception {
        server.kill();
        Heard heard = new Heard();
        try (RedisStore quick = RedisStore.builder(RedisURI.create(server.uri()))
                        .connectTimeout(java.time.Duration.ofMillis(50))
                        .build();
                Signals.Subscription early = quick.signals().subscribe(Probe.KIND, Probe.TOPIC, heard)) {
            server.restart();
            until("the subscription stands", () -> heard.gaps.get() == 1);
            tell(3);
            until("the signal is heard", () -> heard.numbers.contains(3L));
            assertThat(early).isNotNull();
        }
    }

    @Test
    void oneMaySubscribeOnAThreadThatReadsReplies() throws Exception {
        Heard heard = new Heard();
        server.command("CLIENT", "PAUSE", "20");
        Signals.Subscription within =
                await(store.executeAsync(key("loop"), add(1)).thenApply(sum -> subscribe(heard)));
        until("the subscription stands", () -> heard.gaps.get() == 1);
        tell(4);
        until("the signal is heard", () -> heard.numbers.contains(4L));
        within.close();
    }

    @Test
    void aChannelThatNobodyListensToIsGivenUpAndCanBeTakenAgain() throws Exception {
        for (int i = 0; i < 20; i++) {
            Heard heard = new Heard();
            Signals.Subscription open = subscribe(heard);
            tell(i);
            int number = i;
            until("it is heard", () -> heard.numbers.contains((long) number));
            open.close();
        }
        until("the channel is given up", () -> List.of("stanchion:1:probe:told", 0L)
                .equals(server.command("PUBSUB", "NUMSUB", "stanchion:1:probe:told")));
    }

    @Test
    void whoMayNotPublishStillDecides() {
        server.command("ACL", "SETUSER", "quiet", "on", ">pw", "~*", "resetchannels", "+@all", "-publish");
        RedisURI uri = RedisURI.create(server.uri());
        uri.setCredentialsProvider(new StaticCredentialsProvider("quiet", "pw".toCharArray()));
        try (RedisStore quiet =
                RedisStore.builder(uri).commandTimeout(TestStores.PATIENT).build()) {
            assertThat(quiet.execute(key("told"), new Probe.Tell(5, Steps.DAY))).isEqualTo(5);
            ServerReport report = quiet.inspect();
            assertThat(report.errors()).isEmpty();
            assertThat(report.warnings()).anyMatch(line -> line.contains("'publish'") && line.contains("+publish"));
        }
    }

    @Test
    void onAClusterSignalsOfEveryServerAreHeard() throws Exception {
        Heard heard = new Heard();
        try (RedisStore cluster = TestStores.cluster().build();
                Signals.Subscription open = cluster.signals().subscribe(Probe.KIND, Probe.TOPIC, heard)) {
            List<Long> told =
                    LongStream.range(1_000_000, 1_000_000 + MANY).boxed().toList();
            for (long number : told) {
                cluster.execute(key("told-" + number % 300), new Probe.Tell(number, Steps.DAY));
            }
            until("as many are heard", () -> heard.numbers.size() >= MANY);
            assertThat(heard.numbers).containsExactlyInAnyOrderElementsOf(told);
            assertThat(heard.gaps).hasValue(0);
            assertThat(open).isNotNull();
        }
    }
}
