package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.SecretStore;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Stores the secrets of runs, each encrypted in a row of its own. */
final class JdbcSecretStore implements SecretStore {

    private static final String PORT = "SecretStore";

    /** The most expired secrets that one put deletes. */
    private static final int MAX_EXPIRED_DELETED_PER_PUT = 32;

    private final Database database;
    private final Clock clock;
    private final SecretCipher cipher;
    private final String put;
    private final String deleteExpired;
    private final String find;
    private final String erase;

    JdbcSecretStore(Database database, Clock clock, SecretCipher cipher) {
        this.database = database;
        this.clock = clock;
        this.cipher = cipher;
        Dialect dialect = database.dialect();
        put =
                database.sql(
                        dialect.upsert(
                                """
                                insert into errand_secret (project_id, run_id, name, key_id, \
                                sealed, expires_at) values (?, ?, ?, ?, ?, ?)""",
                                "project_id, run_id, name",
                                "key_id, sealed, expires_at"));
        deleteExpired =
                database.sql(
                        """
                        delete from errand_secret where (project_id, run_id, name) in (
                            select project_id, run_id, name from errand_secret
                            where expires_at <= ? order by expires_at limit ?%s)"""
                                .formatted(dialect.skipLocked()));
        find =
                database.sql(
                        """
                        select name, key_id, sealed from errand_secret
                        where project_id = ? and run_id = ? and expires_at > ?""");
        erase = database.sql("delete from errand_secret where project_id = ? and run_id = ?");
    }

    @Override
    public void put(ProjectId project, RunId run, Map<String, Secret> secrets, Instant expiresAt) {
        if (secrets.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        database.inTransaction(
                PORT,
                session -> {
                    session.statement(deleteExpired)
                            .time(now)
                            .number(MAX_EXPIRED_DELETED_PER_PUT)
                            .update();
                    SqlStatement statement = session.statement(put);
                    // In a fixed order, so that concurrent puts do not deadlock.
                    for (Map.Entry<String, Secret> entry : new TreeMap<>(secrets).entrySet()) {
                        String name = entry.getKey();
                        statement
                                .project(project)
                                .id(run.value())
                                .text(name)
                                .text(cipher.keyId())
                                .bytes(
                                        cipher.encrypt(
                                                entry.getValue(), context(project, run, name)))
                                .time(expiresAt)
                                .addBatch();
                    }
                    return statement.executeBatch();
                });
    }

    @Override
    public Map<String, Secret> find(ProjectId project, RunId run) {
        Instant now = clock.instant();
        return database.read(
                PORT,
                session -> {
                    Map<String, Secret> found = new HashMap<>();
                    session.statement(find)
                            .project(project)
                            .id(run.value())
                            .time(now)
                            .list(
                                    row -> {
                                        String name = row.text();
                                        String keyId = row.text();
                                        byte[] sealed = row.optionalBytes().orElseThrow();
                                        String context = context(project, run, name);
                                        return found.put(
                                                name, cipher.decrypt(sealed, keyId, context));
                                    });
                    return Map.copyOf(found);
                });
    }

    @Override
    public void erase(ProjectId project, RunId run) {
        database.execute(
                PORT,
                session -> session.statement(erase).project(project).id(run.value()).update());
    }

    private static String context(ProjectId project, RunId run, String name) {
        return project + "/" + run + "/" + name;
    }
}
