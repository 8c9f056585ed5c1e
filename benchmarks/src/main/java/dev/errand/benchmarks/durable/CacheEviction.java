package dev.errand.benchmarks.durable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Puts everything out of memory, as far as this process may. */
final class CacheEviction {

    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

    private CacheEviction() {}

    /** Whether the system's file cache is emptied as well, and not only the database's own. */
    static boolean reachesTheDisk() {
        return Files.isWritable(DROP);
    }

    /** Empties the caches; needs PostgreSQL 18 and a superuser. */
    static void empty(String url) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url)) {
            BenchmarkTables.execute(
                    connection,
                    "create extension if not exists pg_buffercache",
                    "checkpoint",
                    "select pg_buffercache_evict_all()");
        }
        if (reachesTheDisk()) {
            Files.writeString(DROP, "1");
        }
    }
}
