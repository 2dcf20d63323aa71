package io.github.stanchion.kotlin

import io.github.stanchion.annotation.RateLimited
import io.github.stanchion.guard.DeclaredSignature
import io.github.stanchion.guard.GuardedMethod
import io.github.stanchion.weave.DeclaredAnnotations
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import java.lang.reflect.Method

class DeclaredSignatureTest {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = [
            "text | java.lang.String | java.lang.String",
            "number | java.lang.Integer | java.lang.Integer",
            "nothing | void | void",
            "list | java.util.List | java.util.List<java.lang.String>",
            "array | [Ljava.util.List; | java.util.List<java.lang.String>[]",
            "bounded | java.lang.Number | T",
            "flow | kotlinx.coroutines.flow.Flow | kotlinx.coroutines.flow.Flow<java.lang.String>",
        ],
    )
    fun suspendingFunctionComesToWhatItDeclares(name: String, type: String, generic: String) {
        val signature = DeclaredSignature.of(function(name))
        assertThat(signature.isSuspending).isTrue()
        assertThat(signature.returnType().name).isEqualTo(type)
        assertThat(signature.genericReturnType().typeName).isEqualTo(generic)
        assertThat(signature.parameterTypes()).containsExactly(String::class.java)
    }

    @Test
    fun otherFunctionIsAsItIsCompiled() {
        val signature = DeclaredSignature.of(function("plain"))
        assertThat(signature.isSuspending).isFalse()
        assertThat(signature.returnType()).isEqualTo(Int::class.java)
        assertThat(signature.genericReturnType()).isEqualTo(Int::class.java)
        assertThat(signature.parameterTypes()).containsExactly(String::class.java)
    }

    @Test
    fun namesOfPolicyAndSubjectAreThoseOfTheSource() {
        val method = GuardedMethod(function("text"), Functions::class.java, DeclaredAnnotations())
        assertThat(method.policyName()).isEqualTo("Functions#text(String)")
        assertThat(method.qualifiedName()).isEqualTo(Functions::class.java.name + "#text(java.lang.String)")
        assertThat(method.annotations(RateLimited::class.java)).hasSize(1)
    }

    private fun function(name: String): Method = Functions::class.java.declaredMethods.single { it.name == name }

    @Suppress("unused", "RedundantSuspendModifier", "UNUSED_PARAMETER")
    private class Functions {
        @RateLimited
        suspend fun text(key: String): String = key

        suspend fun number(key: String): Int = key.length

        suspend fun nothing(key: String) = Unit

        suspend fun list(key: String): List<String> = listOf(key)

        suspend fun array(key: String): Array<List<String>> = arrayOf(listOf(key))

        suspend fun <T : Number> bounded(key: String): T = throw IllegalArgumentException(key)

        suspend fun flow(key: String): Flow<String> = emptyFlow()

        fun plain(key: String): Int = key.length
    }
}
