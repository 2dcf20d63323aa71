package io.github.stanchion.spring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.stanchion.guard.GuardConfigurationException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

/** Where settings and beans say that Redis is; no server is called. */
class ConfiguredRedisTest {

    private static final FilteredClassLoader NO_SPRING_DATA =
            new FilteredClassLoader("org.springframework.data", "org.springframework.boot.data");

    private final ApplicationContextRunner bare =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class));
    private final ApplicationContextRunner without = bare.withClassLoader(NO_SPRING_DATA);
    private final ApplicationContextRunner boots =
            bare.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

    static Stream<Arguments> settings() {
        return Stream.of(
                settings("localhost:6379"),
                settings("redis1:7000", "spring.data.redis.host=redis1", "spring.data.redis.port=7000"),
                settings("redis1:6379", "spring.data.redis.host=redis1"),
                settings("localhost:7000", "spring.data.redis.port=7000"),
                settings("redis1:6379", "spring.data.redis.url=redis://redis1:6379", "spring.data.redis.host=other"),
                settings(
                        "redis1:6379/3 as alice with secret, called shop",
                        "spring.data.redis.host=redis1",
                        "spring.data.redis.database=3",
                        "spring.data.redis.username=alice",
                        "spring.data.redis.password=secret",
                        "spring.data.redis.client-name=shop"),
                settings(
                        "redis1:7000/3 as alice with secret, called shop",
                        "spring.data.redis.url=redis://alice:secret@redis1:7000/3",
                        "spring.data.redis.password=other",
                        "spring.data.redis.client-name=shop"),
                settings("redis1:6379 with secret", "spring.data.redis.url=redis://:secret@redis1:6379"),
                settings("redis1:6379 by TLS", "spring.data.redis.url=rediss://redis1:6379"),
                settings("redis1:6379 by TLS", "spring.data.redis.host=redis1", "spring.data.redis.ssl.enabled=true"),
                settings(
                        "sentinels [s1:26379 with other, s2:26380 with other] of main/2 with secret",
                        "spring.data.redis.sentinel.master=main",
                        "spring.data.redis.sentinel.nodes=s1:26379,s2:26380",
                        "spring.data.redis.sentinel.password=other",
                        "spring.data.redis.password=secret",
                        "spring.data.redis.database=2"),
                settings(
                        "sentinels [s1:26379 as watch with other] of main as alice with secret",
                        "spring.data.redis.sentinel.master=main",
                        "spring.data.redis.sentinel.nodes=s1:26379",
                        "spring.data.redis.sentinel.username=watch",
                        "spring.data.redis.sentinel.password=other",
                        "spring.data.redis.username=alice",
                        "spring.data.redis.password=secret"),
                settings(
                        "cluster [c1:7000 with secret, c2:7001 with secret]",
                        "spring.data.redis.cluster.nodes=c1:7000,c2:7001",
                        "spring.data.redis.password=secret"),
                settings(
                        "main:6379 with secret",
                        "spring.data.redis.masterreplica.nodes=main:6379,replica:6379",
                        "spring.data.redis.password=secret"));
    }

    private static Arguments settings(String expected, String... properties) {
        return Arguments.of(expected, List.of(properties));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("settings")
    void settingsMeanTheSameWithAndWithoutSpringData(String expected, List<String> properties) {
        String[] set = properties.toArray(String[]::new);

        assertThat(servers(without.withPropertyValues(set))).as("without").isEqualTo(expected);
        assertThat(servers(boots.withPropertyValues(set))).as("with").isEqualTo(expected);
        assertThat(servers(boots.withPropertyValues(set).withPropertyValues("spring.data.redis.client-type=jedis")))
                .as("with a client other than Lettuce")
                .isEqualTo(expected);
    }

    static Stream<Arguments> uris() {
        return Stream.of(
                Arguments.of("redis://redis1", "redis1:6379"),
                Arguments.of("redis://alice:secret@redis1:7000/3", "redis1:7000/3 as alice with secret"),
                Arguments.of("rediss://redis1:7000", "redis1:7000 by TLS"),
                Arguments.of("redis-sentinel://s1:26379,s2:26379#main", "sentinels [s1:26379, s2:26379] of main"),
                Arguments.of("redis-socket:///var/run/redis.sock", "/var/run/redis.sock"),
                Arguments.of("redis://:secret@c1:7000,c2:7001", "cluster [c1:7000 with secret, c2:7001 with secret]"),
                Arguments.of("rediss://c1,c2", "cluster [c1:6379 by TLS, c2:6379 by TLS]"));
    }

    @ParameterizedTest
    @MethodSource("uris")
    void uriWinsOverAllElse(String uri, String expected) {
        ApplicationContextRunner set = boots.withPropertyValues(
                        "spring.data.redis.host=other", "stanchion.redis.uri=" + uri)
                .withBean("mine", LettuceConnectionFactory.class, () -> new LettuceConnectionFactory("mine", 1));

        assertThat(servers(set)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:6379", "http://localhost", "redis-sentinel://s1", "redis://a:b@[x"})
    void uriThatIsNoneIsRefusedAndNotShown(String uri) {
        without.withPropertyValues("stanchion.redis.uri=" + uri).run(context -> assertThatThrownBy(
                        () -> redis(context).servers())
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageStartingWith("Property stanchion.redis.uri is no address of a Redis server; Use redis://")
                .hasMessageNotContaining(uri)
                .hasNoCause());
    }

    @Test
    void serverWithoutAPortIsRefused() {
        without.withPropertyValues("spring.data.redis.cluster.nodes=c1:7000,c2").run(context -> assertThatThrownBy(
                        () -> redis(context).servers())
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessage("Server 'c2' of property spring.data.redis.cluster.nodes has no host and port; Write"
                        + " host:port, as in redis1:6379."));
    }

    @Test
    void sentinelsAreNeeded() {
        without.withPropertyValues("spring.data.redis.sentinel.master=main")
                .run(context -> assertThatThrownBy(() -> redis(context).servers())
                        .hasMessageStartingWith("Property spring.data.redis.sentinel.nodes is missing"));
    }

    @Test
    void sslBundleIsUsedWithAndWithoutSpringData() {
        for (ApplicationContextRunner contexts : List.of(without, boots)) {
            contexts.withPropertyValues(
                            "spring.data.redis.host=redis1",
                            "spring.data.redis.ssl.bundle=mine",
                            "spring.ssl.bundle.jks.mine.options.enabled-protocols=TLSv1.3")
                    .run(context -> {
                        RedisServers servers = redis(context).servers();

                        assertThat(text(servers)).isEqualTo("redis1:6379 by TLS");
                        assertThat(servers.options().getSslOptions().createSslContextBuilder())
                                .isNotNull();
                        assertThat(servers.options().getSslOptions().getProtocols())
                                .containsExactly("TLSv1.3");
                    });
        }
    }

    @Test
    void threadsAndOptionsAreThoseOfTheFactory() {
        boots.withPropertyValues("spring.data.redis.host=redis1", "spring.data.redis.client-name=shop")
                .withBean(
                        LettuceClientConfigurationBuilderCustomizer.class,
                        () -> client -> client.clientOptions(
                                ClientOptions.builder().requestQueueSize(77).build()))
                .run(context -> {
                    RedisServers servers = redis(context).servers();

                    assertThat(servers.resources()).isSameAs(context.getBean(ClientResources.class));
                    assertThat(servers.options().getRequestQueueSize()).isEqualTo(77);
                });
    }

    @Test
    void factoryOfTheApplicationWinsOverSettings() {
        RedisStandaloneConfiguration settings = new RedisStandaloneConfiguration("mine", 7000);
        settings.setUsername("alice");
        settings.setPassword("secret");
        settings.setDatabase(3);
        LettuceClientConfiguration client = LettuceClientConfiguration.builder()
                .clientName("shop")
                .useSsl()
                .verifyPeer(SslVerifyMode.CA)
                .build();

        boots.withPropertyValues("spring.data.redis.host=other")
                .withBean(LettuceConnectionFactory.class, () -> new LettuceConnectionFactory(settings, client))
                .run(context -> {
                    RedisServers servers = redis(context).servers();

                    assertThat(text(servers)).isEqualTo("mine:7000/3 as alice with secret by TLS, called shop");
                    assertThat(servers.uris().get(0).getVerifyMode()).isEqualTo(SslVerifyMode.CA);
                });
    }

    @Test
    void socketOfAFactoryIsUsed() {
        RedisSocketConfiguration settings = new RedisSocketConfiguration("/tmp/redis.sock");
        settings.setPassword("secret");

        assertThat(servers(bare.withBean(LettuceConnectionFactory.class, () -> new LettuceConnectionFactory(settings))))
                .isEqualTo("/tmp/redis.sock with secret");
    }

    @Test
    void primaryOfABeanWithReplicasIsUsed() {
        RedisStaticMasterReplicaConfiguration settings = new RedisStaticMasterReplicaConfiguration("main", 7000);
        settings.addNode("replica", 7001);
        settings.setPassword("secret");

        assertThat(servers(boots.withBean(RedisStaticMasterReplicaConfiguration.class, () -> settings)))
                .isEqualTo("main:7000 with secret");
    }

    @Test
    void credentialsProviderOfTheFactoryIsAsked() {
        LettuceClientConfiguration client = LettuceClientConfiguration.builder()
                .redisCredentialsProviderFactory(new RedisCredentialsProviderFactory() {
                    @Override
                    public RedisCredentialsProvider createCredentialsProvider(RedisConfiguration configuration) {
                        return RedisCredentialsProvider.from(
                                () -> RedisCredentials.just("rotating", "today".toCharArray()));
                    }
                })
                .build();

        assertThat(servers(bare.withBean(
                        LettuceConnectionFactory.class,
                        () -> new LettuceConnectionFactory(new RedisStandaloneConfiguration("mine", 1), client))))
                .isEqualTo("mine:1 as rotating with today");
    }

    @Test
    void factoryThatHidesItsUserIsRefused() {
        RedisConfiguration settings =
                LettuceConnectionFactory.createRedisConfiguration("redis://alice:secret@mine:7000");

        bare.withBean(LettuceConnectionFactory.class, () -> new LettuceConnectionFactory(settings))
                .run(context -> assertThatThrownBy(() -> redis(context).servers())
                        .isInstanceOf(GuardConfigurationException.class)
                        .hasMessageContaining("does not tell its user"));
    }

    @Test
    void factoryIsChosenByPrimaryAndNotAtRandom() {
        ApplicationContextRunner two =
                bare.withBean("first", LettuceConnectionFactory.class, () -> new LettuceConnectionFactory("first", 1));

        two.withBean("second", LettuceConnectionFactory.class, () -> new LettuceConnectionFactory("second", 2))
                .run(context -> assertThatThrownBy(() -> redis(context).servers())
                        .isInstanceOf(GuardConfigurationException.class)
                        .hasMessageContaining("there are 2; Mark one of them with @Primary"));
        assertThat(servers(two.withBean(
                        "second",
                        LettuceConnectionFactory.class,
                        () -> new LettuceConnectionFactory("second", 2),
                        definition -> definition.setPrimary(true))))
                .isEqualTo("second:2");
    }

    @Test
    void foundServiceIsUsed() {
        DataRedisConnectionDetails service = new DataRedisConnectionDetails() {
            @Override
            public String getPassword() {
                return "secret";
            }

            @Override
            public Standalone getStandalone() {
                return Standalone.of("found", 32768, 1);
            }
        };
        ApplicationContextRunner contexts = boots.withBean(DataRedisConnectionDetails.class, () -> service);

        assertThat(servers(contexts)).isEqualTo("found:32768/1 with secret");
        assertThat(servers(contexts.withPropertyValues("spring.data.redis.client-type=jedis")))
                .isEqualTo("found:32768/1 with secret");
    }

    @Test
    void factoryOfAnotherClientIsRefusedUnlessSettingsSayWhereRedisIs() {
        ApplicationContextRunner jedis =
                boots.withBean("jedis", RedisConnectionFactory.class, ConfiguredRedisTest::noLettuce);

        jedis.run(context -> assertThatThrownBy(() -> redis(context).servers())
                .isInstanceOf(GuardConfigurationException.class)
                .hasMessageContaining("bean 'jedis', which is no LettuceConnectionFactory")
                .hasMessageContaining("Set stanchion.redis.uri"));
        assertThat(servers(jedis.withPropertyValues("spring.data.redis.host=redis1")))
                .isEqualTo("redis1:6379");
    }

    private static RedisConnectionFactory noLettuce() {
        return (RedisConnectionFactory) java.lang.reflect.Proxy.newProxyInstance(
                ConfiguredRedisTest.class.getClassLoader(),
                new Class<?>[] {RedisConnectionFactory.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "another client";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static ConfiguredRedis redis(ConfigurableApplicationContext context) {
        return new ConfiguredRedis(context.getBeanFactory(), context.getEnvironment());
    }

    private static String servers(ApplicationContextRunner contexts) {
        StringBuilder text = new StringBuilder();
        contexts.run(context -> {
            assertThat(context).hasNotFailed();
            text.append(text(redis(context.getSourceApplicationContext(ConfigurableApplicationContext.class))
                    .servers()));
        });
        return text.toString();
    }

    private static String text(RedisServers servers) {
        List<String> all =
                servers.uris().stream().map(ConfiguredRedisTest::text).toList();
        return servers.cluster() ? "cluster " + all : all.get(0);
    }

    private static String text(RedisURI uri) {
        StringBuilder text = new StringBuilder();
        if (uri.getSentinelMasterId() != null) {
            text.append("sentinels ")
                    .append(uri.getSentinels().stream()
                            .map(ConfiguredRedisTest::text)
                            .toList())
                    .append(" of ")
                    .append(uri.getSentinelMasterId());
        } else {
            text.append(uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort());
        }
        if (uri.getDatabase() != 0) {
            text.append("/").append(uri.getDatabase());
        }
        describe(uri, text::append);
        return text.append(uri.isSsl() ? " by TLS" : "")
                .append(uri.getClientName() == null ? "" : ", called " + uri.getClientName())
                .toString();
    }

    private static void describe(RedisURI uri, Consumer<String> text) {
        RedisCredentials login = uri.getCredentialsProvider() == null
                ? null
                : uri.getCredentialsProvider().resolveCredentials().block();
        if (login != null && login.hasUsername()) {
            text.accept(" as " + login.getUsername());
        }
        if (login != null && login.hasPassword()) {
            text.accept(" with " + new String(login.getPassword()));
        }
    }
}
