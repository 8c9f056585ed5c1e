package dev.errand.jdbc.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * An H2 file system ({@code jdbc:h2:moments:...}) that copies the database file and the journal
 * after some of the writes, in the state that a kill at that moment would leave. Public because H2
 * instantiates it for each file.
 */
public final class CapturingFileSystem extends FilePathWrapper {

    private static final String SCHEME = "moments";

    private static Watch watch;

    /** Creates the file system; called by H2. */
    public CapturingFileSystem() {}

    /** Returns the URL of a file database on this file system. */
    static String url(Path database) {
        FilePath.register(new CapturingFileSystem());
        return "jdbc:h2:" + SCHEME + ":" + database;
    }

    /** Starts copying after about one in {@code writesPerMoment} writes. */
    static synchronized void begin(Path journal, Path directory, int writesPerMoment) {
        watch = new Watch(journal, directory, writesPerMoment, new Random(), new ArrayList<>());
    }

    /** Stops copying, and returns the directories of the copies. */
    static synchronized List<Path> end() {
        List<Path> kept = List.copyOf(watch.kept());
        watch = null;
        return kept;
    }

    /** Returns the database of a copy. */
    static Path database(Path moment) {
        return moment.resolve("errand");
    }

    /** Returns the journal of a copy. */
    static Path journal(Path moment) {
        return moment.resolve("journal.tsv");
    }

    /** Serializes writes, so that nothing is written while the file is copied. */
    private static synchronized int write(FileChannel file, FilePath path, ByteBuffer from, long at)
            throws IOException {
        int written = file.write(from, at);
        if (watch != null) {
            watch.wrote(Path.of(path.toString()));
        }
        return written;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Watched(getBase(), getBase().open(mode));
    }

    private record Watch(
            Path journal, Path directory, int writesPerMoment, Random random, List<Path> kept) {

        /**
         * Copies the journal first, so that everything it records as acknowledged must be in the
         * file.
         */
        void wrote(Path database) throws IOException {
            if (random.nextInt(writesPerMoment) == 0) {
                Path moment = Files.createDirectory(directory.resolve("moment-" + kept.size()));
                Files.copy(journal, CapturingFileSystem.journal(moment));
                Files.copy(database, moment.resolve("errand.mv.db"));
                kept.add(moment);
            }
        }
    }

    private static final class Watched extends FileBaseDefault {

        private final FilePath path;
        private final FileChannel file;

        Watched(FilePath path, FileChannel file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            return CapturingFileSystem.write(file, path, from, at);
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return file.read(into, at);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.force(metaData);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
