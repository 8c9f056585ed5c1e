package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Renews many leases in one statement on PostgreSQL, each only if it is still the latest of its
 * run.
 */
final class PostgresLeaseRenewer {

    private static final RowBatch.Columns LEASES =
            RowBatch.Columns.of("project_id bigint, id uuid, token bigint");

    /** A fixed order, so that concurrent renewals rarely deadlock. */
    private static final Comparator<Lease> ORDER =
            Comparator.<Lease>comparingLong(lease -> lease.project().value())
                    .thenComparing(lease -> lease.run().value());

    /** The parameters are the new expiry time and the leases. */
    static final String RENEW =
            """
            update errand_run r set lease_until = ?
            from %s
            where r.project_id = h.project_id and r.id = h.id
                and r.lease_owner is not null and r.lease_token = h.token
            returning r.project_id, r.lease_owner, r.lease_token, %s"""
                    .formatted(LEASES.table("h"), RunColumns.qualified("r"));

    private final String renew;

    PostgresLeaseRenewer(Database database) {
        renew = database.sql(RENEW);
    }

    /** Renews the leases and returns those that were renewed, in no particular order. */
    List<ClaimedRun> renew(SqlSession session, List<Lease> leases, Instant until)
            throws SQLException {
        RowBatch rows = new RowBatch(LEASES);
        for (Lease lease : leases.stream().sorted(ORDER).toList()) {
            rows.project(lease.project()).id(lease.run().value()).number(lease.token()).endRow();
        }
        return rows.bind(session.statement(renew).time(until)).list(row -> claimed(row, until));
    }

    private static ClaimedRun claimed(ResultRow row, Instant until) throws SQLException {
        ProjectId project = ProjectId.of(row.number());
        String owner = row.text();
        long token = row.number();
        Run run = RunColumns.read(project, row);
        return new ClaimedRun(run, new Lease(project, run.id(), owner, token, until));
    }
}
