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

    private static final String PUT =
            """
            insert into errand_secret (project_id, run_id, name, key_id, sealed, expires_at)
            values (?, ?, ?, ?, ?, ?)
            on conflict (project_id, run_id, name) do update set
                key_id = excluded.key_id, sealed = excluded.sealed,
                expires_at = excluded.expires_at""";

    private static final String PUT_H2 =
            """
            merge into errand_secret (project_id, run_id, name, key_id, sealed, expires_at)
            key (project_id, run_id, name)
            values (?, ?, ?, ?, ?, ?)""";

    private static final String DELETE_EXPIRED =
            """
            delete from errand_secret where (project_id, run_id, name) in (
                select project_id, run_id, name from errand_secret
                where expires_at <= ? order by expires_at limit ?
                for update skip locked)""";

    private static final String DELETE_EXPIRED_H2 =
            """
            delete from errand_secret where (project_id, run_id, name) in (
                select project_id, run_id, name from errand_secret
                where expires_at <= ? order by expires_at limit ?)""";

    private static final String FIND =
            """
            select name, key_id, sealed from errand_secret
            where project_id = ? and run_id = ? and expires_at > ?""";

    private static final String ERASE =
            """
            delete from errand_secret where project_id = ? and run_id = ?""";

    private final Database database;
    private final Dialect dialect;
    private final Clock clock;
    private final SecretCipher cipher;

    JdbcSecretStore(Database database, Clock clock, SecretCipher cipher) {
        this.database = database;
        this.dialect = database.dialect();
        this.clock = clock;
        this.cipher = cipher;
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
                    session.statement(dialect.choose(DELETE_EXPIRED, DELETE_EXPIRED_H2))
                            .time(now)
                            .number(MAX_EXPIRED_DELETED_PER_PUT)
                            .update();
                    SqlStatement statement = session.statement(dialect.choose(PUT, PUT_H2));
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
                    session.statement(FIND)
                            .project(project)
                            .id(run.value())
                            .time(now)
                            .list(
                                    row -> {
                                        String name = row.text("name");
                                        String keyId = row.text("key_id");
                                        byte[] sealed = row.bytes("sealed");
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
                session -> session.statement(ERASE).project(project).id(run.value()).update());
    }

    private static String context(ProjectId project, RunId run, String name) {
        return project + "/" + run + "/" + name;
    }
}
