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
 * A file system for H2, {@code jdbc:h2:moments:…}, that copies the file and the journal as they are
 * right after some of the writes: what a kill at that moment would leave. Public because H2 makes
 * one for each file.
 */
public final class CapturingFileSystem extends FilePathWrapper {

    private static final String SCHEME = "moments";

    private static Watch watch;

    /** For H2. */
    public CapturingFileSystem() {}

    /** The URL of a file database whose moments can be kept. */
    static String url(Path database) {
        FilePath.register(new CapturingFileSystem());
        return "jdbc:h2:" + SCHEME + ":" + database;
    }

    /** Keeps about one moment of so many writes from now on. */
    static synchronized void begin(Path journal, Path directory, int writesPerMoment) {
        watch = new Watch(journal, directory, writesPerMoment, new Random(), new ArrayList<>());
    }

    /** Keeps no more moments, and answers with the directories of those it kept. */
    static synchronized List<Path> end() {
        List<Path> kept = List.copyOf(watch.kept());
        watch = null;
        return kept;
    }

    /** The database of a moment. */
    static Path database(Path moment) {
        return moment.resolve("errand");
    }

    /** The journal of a moment. */
    static Path journal(Path moment) {
        return moment.resolve("journal.tsv");
    }

    /** One write at a time, so that nothing is written while the file is copied. */
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

        /** The journal first: what it says is acknowledged is in the file that is copied next. */
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
