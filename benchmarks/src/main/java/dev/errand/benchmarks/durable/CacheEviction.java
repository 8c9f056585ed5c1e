package dev.errand.benchmarks.durable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Evicts cached data, as far as this process is permitted to. */
final class CacheEviction {

    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

    private CacheEviction() {}

    /**
     * Returns whether the file cache of the operating system can be dropped, and not only the cache
     * of the database.
     */
    static boolean dropsFileCache() {
        return Files.isWritable(DROP);
    }

    /** Evicts the caches; requires PostgreSQL 18 and a superuser. */
    static void evict(String url) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url)) {
            BenchmarkTables.execute(
                    connection,
                    "create extension if not exists pg_buffercache",
                    "checkpoint",
                    "select pg_buffercache_evict_all()");
        }
        if (dropsFileCache()) {
            Files.writeString(DROP, "1");
        }
    }
}
