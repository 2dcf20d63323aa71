package io.github.stanchion.spring.test.shop;

import static io.github.stanchion.spring.test.GuardAssertions.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.spring.test.GuardTester;
import io.github.stanchion.spring.test.GuardsOff;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;

/** Who does not ask for it gets the application as it is; guards can be switched off all the same. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WithoutAnnotationTest {

    @Autowired
    private Shop.Catalog catalog;

    @Test
    @Order(1)
    void nothingIsAdded(@Autowired AtomicStore store, @Autowired ApplicationContext context) {
        assertThat(store).isInstanceOf(MemoryStore.class);
        assertThat(context.getBeanProvider(MicroClock.class)).isEmpty();
        assertThat(context.getBeanProvider(GuardTester.class)).isEmpty();
        catalog.unnamed();
    }

    @Test
    @Order(2)
    @GuardsOff
    void guardsCanBeOff() {
        catalog.unnamed();
        catalog.unnamed();
    }

    @Test
    @Order(3)
    void nothingIsCleared() {
        assertThatCall(catalog::unnamed).isRejectedBy("Catalog#unnamed()");
    }
}
