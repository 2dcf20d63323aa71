package io.github.stanchion.redis;

import io.github.stanchion.testkit.OperationFamily;
import io.github.stanchion.testkit.Twin;
import io.github.stanchion.testkit.TwinContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

@ParameterizedClass
@FieldSource("FAMILIES")
class RedisTwinsTest extends TwinContract {

    private static ScriptRunner redis;

    static final List<TwinFamily> FAMILIES = TwinFamily.ALL;

    private static final Map<TwinFamily, LuaScript> RIGHT = new HashMap<>();

    @Parameter
    TwinFamily family;

    @BeforeAll
    static void connect() {
        redis = ScriptRunner.on(RedisUnderTest.uri());
    }

    @AfterAll
    static void disconnect() {
        redis.close();
    }

    @Override
    protected OperationFamily family(Random random) {
        return family.draw(random);
    }

    @Override
    protected int walks() {
        return 1_000;
    }

    @Override
    protected Twin twin() {
        return twin(RIGHT.computeIfAbsent(family, ignored -> script(new ScriptText("test"))));
    }

    private LuaScript script(ScriptText text) {
        return new LuaScript(text.several("walk.lua", family.operations()));
    }

    private Twin twin(LuaScript script) {
        return new RecordedTwin(family.operations(), (numbers, payloads) -> {
            List<byte[]> arguments = new ArrayList<>(payloads.size() + 1);
            arguments.add(numbers);
            arguments.addAll(payloads);
            return (List<?>) redis.eval(script, List.of(), arguments);
        });
    }

    @Override
    protected List<UnaryOperator<Twin>> mutants() {
        List<UnaryOperator<Twin>> mutants = new ArrayList<>(super.mutants());
        family.files().forEach(file -> LuaMutants.walked(file).forEach(mutant -> mutants.add(new OnServer(mutant))));
        return mutants;
    }

    private final class OnServer implements UnaryOperator<Twin> {

        private final LuaMutant mutant;
        private final LuaScript script;

        OnServer(LuaMutant mutant) {
            this.mutant = mutant;
            this.script = script(new ScriptText("test", mutant::part));
            redis.load(script);
        }

        @Override
        public Twin apply(Twin right) {
            return twin(script);
        }

        @Override
        public String toString() {
            return mutant.toString();
        }
    }
}
