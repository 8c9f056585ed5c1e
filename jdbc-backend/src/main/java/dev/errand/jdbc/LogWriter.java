package dev.errand.jdbc;

import dev.errand.spi.store.RunLog.AppendResult;
import java.sql.SQLException;

/** Appends to logs, on one of the databases. */
interface LogWriter {

    /** Appends in a transaction of its own. */
    AppendResult append(LogAppend append);

    /** Appends in the transaction of the session. */
    AppendResult append(SqlSession session, LogAppend append) throws SQLException;
}
