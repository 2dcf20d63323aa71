package io.github.stanchion.redis;

import java.nio.ByteBuffer;

/** Numbers as scripts take and give them: doubles of 8 bytes, big end first, exact up to 2^53, read there by one call. */
final class Packed {

    private Packed() {}

    static byte[] of(long[] numbers) {
        ByteBuffer packed = ByteBuffer.allocate(numbers.length * Double.BYTES);
        for (long number : numbers) {
            packed.putDouble((double) number);
        }
        return packed.array();
    }

    static long[] numbers(byte[] packed) {
        ByteBuffer from = ByteBuffer.wrap(packed);
        long[] numbers = new long[packed.length / Double.BYTES];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (long) from.getDouble();
        }
        return numbers;
    }
}
