package io.github.stanchion.redis;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Sets the wall clock of a JVM wrong, for all that runs in it: an agent that adds the error wherever the JDK, a library or the
 * application reads one. {@code System.nanoTime()} stays what it is, as on a machine whose clock is wrong.
 */
final class SkewedClock implements ClassFileTransformer {

    private static final String MILLIS = "currentTimeMillis";

    /** What {@code Instant.now()} adds to the seconds of {@code currentTimeMillis}. */
    private static final String ADJUSTMENT = "getNanoTimeAdjustment";

    private final Duration error;

    private SkewedClock(Duration error) {
        this.error = error;
    }

    /** The options of a JVM whose clock is so much ahead, or behind if it is negative. */
    static List<String> options(Path folder, Duration error) throws IOException {
        Path agent = folder.resolve("skewed-clock.jar");
        if (!Files.exists(agent)) {
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().putValue("Premain-Class", SkewedClock.class.getName());
            manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
            new JarOutputStream(Files.newOutputStream(agent), manifest).close();
        }
        return List.of("-javaagent:" + agent + "=" + error);
    }

    public static void premain(String error, Instrumentation jvm) throws UnmodifiableClassException {
        jvm.addTransformer(new SkewedClock(Duration.parse(error)), true);
        // May have been loaded before.
        jvm.retransformClasses(Clock.class, Date.class);
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> loaded,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.contains(MILLIS) && !text.contains(ADJUSTMENT)) {
            return null;
        }
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new Skewing(writer), 0);
        return writer.toByteArray();
    }

    private final class Skewing extends ClassVisitor {

        Skewing(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitMethodInsn(int kind, String owner, String called, String form, boolean ofInterface) {
                    super.visitMethodInsn(kind, owner, called, form, ofInterface);
                    if (owner.equals("java/lang/System") && called.equals(MILLIS)) {
                        add(error.toMillis());
                    } else if (owner.equals("jdk/internal/misc/VM") && called.equals(ADJUSTMENT)) {
                        add(error.toNanos());
                    }
                }

                private void add(long more) {
                    super.visitLdcInsn(more);
                    super.visitInsn(Opcodes.LADD);
                }
            };
        }
    }
}
