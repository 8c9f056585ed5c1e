package dev.errand.examples.filebackend;

import dev.errand.spi.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A call of a port's method, with the time of the call. */
record Call(Instant at, String port, String method, Object[] arguments) implements Serializable {

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ComponentStream(bytes).writeObject(this);
        return bytes.toByteArray();
    }

    /** Writes the components of values, since the values of the ports are not serializable. */
    private static final class ComponentStream extends ObjectOutputStream {
        ComponentStream(ByteArrayOutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object value) throws IOException {
            if (value instanceof Optional<?> optional) {
                return new Components(Optional.class, optional.stream().toArray());
            } else if (value instanceof OptionalInt optional) {
                return new Components(OptionalInt.class, optional.stream().boxed().toArray());
            } else if (value instanceof Secret secret) {
                return new Components(Secret.class, secret.reveal());
            } else if (value instanceof List<?> part && !(value instanceof Serializable)) {
                return new ArrayList<>(part);
            } else if (!(value instanceof Record) || value instanceof Serializable) {
                return value;
            }
            RecordComponent[] declared = value.getClass().getRecordComponents();
            Object[] components = new Object[declared.length];
            try {
                for (int i = 0; i < components.length; i++) {
                    components[i] = declared[i].getAccessor().invoke(value);
                }
                return new Components(value.getClass(), components);
            } catch (ReflectiveOperationException hidden) {
                throw new IOException(hidden);
            }
        }
    }

    /** The components of a value. Its constructor or factory restores and checks it. */
    private record Components(Class<?> type, Object... components) implements Serializable {

        @SuppressWarnings("serial") // Serialization permits any exception here.
        private Object readResolve() throws ReflectiveOperationException {
            if (!type.isRecord()) {
                String factory = components.length == 0 ? "empty" : "of";
                Stream<Method> methods = Arrays.stream(type.getMethods());
                return methods.filter(it -> it.getName().equals(factory))
                        .findFirst()
                        .get()
                        .invoke(null, components);
            }
            Class<?>[] types =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(components);
        }
    }
}
