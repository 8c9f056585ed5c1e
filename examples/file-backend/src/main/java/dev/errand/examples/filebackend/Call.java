package dev.errand.examples.filebackend;

import dev.errand.spi.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** One call of a port's method, and when it was made. */
record Call(Instant at, String port, String method, Object[] arguments) implements Serializable {

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new PartsStream(bytes).writeObject(this);
        return bytes.toByteArray();
    }

    static Call of(byte[] bytes) throws IOException, ClassNotFoundException {
        return (Call) new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
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

    /** A value taken apart; read back through its constructor, which checks it again. */
    private record Parts(Class<?> type, Object... parts) implements Serializable {

        private Object readResolve() throws ReflectiveOperationException {
            if (type == Optional.class) {
                return Arrays.stream(parts).findFirst();
            } else if (type == Secret.class) {
                return Secret.of((String) parts[0]);
            }
            Class<?>[] types =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(parts);
        }
    }
}
