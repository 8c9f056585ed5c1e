package dev.errand.examples.filebackend;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.Backend;
import dev.errand.spi.BackendCapability;
import dev.errand.spi.BackendException;
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
 * Keeps everything in one file: a call that may change something is appended, with its time, and
 * forced to the disk before it is carried out and answered; a replica in memory follows the file
 * and knows the answers. Any number of nodes and processes of one machine may have the file open.
 */
public final class FileBackend {

    private final Journal journal;
    private final Clock clock;

    /** The time of the call that the replica carries out. */
    private Instant now = Instant.EPOCH;

    private final InstantSource timeOfCall = () -> now;
    private final Backend replica = InMemoryBackend.create(timeOfCall.withZone(ZoneOffset.UTC));

    private FileBackend(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * Opens a file, which is made if it is not there.
     *
     * @param key an AES key; nothing is written that it does not encrypt
     * @throws BackendException if the file cannot be opened, or was written under another key
     */
    public static Backend open(Path file, SecretKey key, Clock clock) {
        try {
            FileBackend opened = new FileBackend(new Journal(file, key), clock);
            opened.journal.alone(opened::repeat, () -> null);
            return proxy(Backend.class, opened::answer);
        } catch (Exception failure) {
            throw BackendException.permanent("FileBackend", "cannot open " + file, failure);
        }
    }

    private Object answer(Object self, Method method, Object[] none) throws Throwable {
        return switch (method.getName()) {
            case "clock" -> clock;
            case "capabilities" -> Set.of(BackendCapability.DURABLE, BackendCapability.SHARED);
            case "close" -> {
                journal.close();
                yield null;
            }
            default -> proxy(method.getReturnType(), (it, asked, of) -> ask(method, asked, of));
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

    private synchronized Object ask(Method port, Method asked, Object[] of) throws Throwable {
        try {
            return journal.alone(
                    this::repeat,
                    () -> {
                        // What is no question by its name may change something.
                        Call call = new Call(clock.instant(), port.getName(), asked.getName(), of);
                        if (!asked.getName().matches("find.*|last.*|list.*|nextDue|depth|read")) {
                            journal.append(call.toBytes());
                        }
                        return carryOut(call);
                    });
        } catch (InvocationTargetException refused) {
            throw refused.getCause();
        } catch (IOException | GeneralSecurityException failure) {
            throw BackendException.permanent(port.getName(), "open the file anew", failure);
        }
    }

    /** Carries out what was written down, by another node or before a restart. */
    private void repeat(byte[] entry) {
        try {
            carryOut((Call) new ObjectInputStream(new ByteArrayInputStream(entry)).readObject());
        } catch (InvocationTargetException refused) {
            // As it was the first time; then, too, nothing changed.
        } catch (IOException | ReflectiveOperationException unknown) {
            throw BackendException.permanent("FileBackend", "of another release", unknown);
        }
    }

    private Object carryOut(Call call) throws ReflectiveOperationException {
        now = call.at();
        Method opening = Backend.class.getMethod(call.port());
        for (Method method : opening.getReturnType().getMethods()) {
            if (method.getName().equals(call.method())) {
                return method.invoke(opening.invoke(replica), call.arguments());
            }
        }
        throw new NoSuchMethodException(call.port() + "." + call.method());
    }
}
