package dev.errand.examples.filebackend;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.PortException;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * A backend that stores all data in one file. Every call that may change data is appended with its
 * time and forced to disk. It is then executed on a replica in memory, which holds the result of
 * all calls in the file. Any number of nodes and processes of one machine can open the file.
 */
public final class FileBackend {

    private final Journal journal;
    private final Clock clock;

    /** The time of the call that the replica executes. */
    private Instant now = Instant.EPOCH;

    private final InstantSource timeOfCall = () -> now;
    private final Backend replica = InMemoryBackend.create(timeOfCall.withZone(ZoneOffset.UTC));

    private FileBackend(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * Opens a file, or creates it if it does not exist.
     *
     * @param key an AES key, which encrypts all data
     * @throws PortException if the file cannot be opened, or was written under another key
     */
    public static Backend open(Path file, SecretKey key, Clock clock) {
        try {
            FileBackend opened = new FileBackend(new Journal(file, key), clock);
            opened.journal.locked(opened::replay, () -> null);
            return proxy(Backend.class, opened::handle);
        } catch (Exception failure) {
            throw PortException.permanent("FileBackend", "cannot open " + file, failure);
        }
    }

    private Object handle(Object self, Method method, Object[] none) throws Throwable {
        return switch (method.getName()) {
            case "clock" -> clock;
            case "capabilities" -> Set.of(BackendCapability.DURABLE, BackendCapability.SHARED);
            case "close" -> {
                journal.close();
                yield null;
            }
            default -> proxy(method.getReturnType(), (it, asked, of) -> call(method, asked, of));
        };
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        InvocationHandler orToString =
                (self, method, given) ->
                        method.getDeclaringClass() == Object.class
                                ? method.invoke(type, given)
                                : handler.invoke(self, method, given);
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, orToString));
    }

    private synchronized Object call(Method port, Method asked, Object[] of) throws Throwable {
        try {
            return journal.locked(
                    this::replay,
                    () -> {
                        // Only methods with these names never change data.
                        Call call = new Call(clock.instant(), port.getName(), asked.getName(), of);
                        if (!asked.getName().matches("find.*|last.*|list.*|nextDue|depth|read")) {
                            journal.append(call.toBytes());
                        }
                        return execute(call);
                    });
        } catch (InvocationTargetException rejected) {
            throw rejected.getCause();
        } catch (IOException | GeneralSecurityException failure) {
            throw PortException.permanent(port.getName(), "open the file again", failure);
        }
    }

    /** Executes a call that another node appended, or this one before a restart. */
    private void replay(byte[] entry) {
        try {
            execute((Call) new ObjectInputStream(new ByteArrayInputStream(entry)).readObject());
        } catch (InvocationTargetException rejected) {
            // It was rejected the first time as well, so nothing changed.
        } catch (IOException | ReflectiveOperationException unknown) {
            throw PortException.permanent("FileBackend", "entry of another release", unknown);
        }
    }

    private Object execute(Call call) throws ReflectiveOperationException {
        now = call.at();
        Method getter = Backend.class.getMethod(call.port());
        for (Method method : getter.getReturnType().getMethods()) {
            if (method.getName().equals(call.method())) {
                return method.invoke(getter.invoke(replica), call.arguments());
            }
        }
        throw new NoSuchMethodException(call.port() + "." + call.method());
    }
}
