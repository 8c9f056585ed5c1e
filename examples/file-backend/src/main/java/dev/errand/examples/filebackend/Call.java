package dev.errand.examples.filebackend;

import dev.errand.spi.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** One call of a port's method, and when it was made. */
record Call(Instant at, String port, String method, Object[] arguments) implements Serializable {

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new PartsStream(bytes).writeObject(this);
        return bytes.toByteArray();
    }

    /** The values that cross a port are not serializable: it writes what they consist of. */
    private static final class PartsStream extends ObjectOutputStream {
        PartsStream(ByteArrayOutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object value) throws IOException {
            if (value instanceof Optional<?> optional) {
                return new Parts(Optional.class, optional.stream().toArray());
            } else if (value instanceof OptionalInt optional) {
                return new Parts(OptionalInt.class, optional.stream().boxed().toArray());
            } else if (value instanceof Secret secret) {
                return new Parts(Secret.class, secret.reveal());
            } else if (!(value instanceof Record) || value instanceof Serializable) {
                return value;
            }
            RecordComponent[] components = value.getClass().getRecordComponents();
            Object[] parts = new Object[components.length];
            try {
                for (int i = 0; i < parts.length; i++) {
                    parts[i] = components[i].getAccessor().invoke(value);
                }
                return new Parts(value.getClass(), parts);
            } catch (ReflectiveOperationException hidden) {
                throw new IOException(hidden);
            }
        }
    }

    /** A value taken apart; made again by its own constructor or factory, which checks it. */
    private record Parts(Class<?> type, Object... parts) implements Serializable {

        private Object readResolve() throws ReflectiveOperationException {
            if (!type.isRecord()) {
                String maker = parts.length == 0 ? "empty" : "of";
                Stream<Method> methods = Arrays.stream(type.getMethods());
                return methods.filter(it -> it.getName().equals(maker))
                        .findFirst()
                        .get()
                        .invoke(null, parts);
            }
            Class<?>[] types =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(parts);
        }
    }
}
