package com.example.shop;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.task.CreateTaskRequest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The complaints of customers. */
@Service
public class Complaints {

    private final JdbcTemplate jdbc;
    private final Errand errand;

    Complaints(JdbcTemplate jdbc, Errand errand) {
        this.jdbc = jdbc;
        this.errand = errand;
    }

    /** Queues a run about a complaint and stores the complaint: both are committed, or neither. */
    @Transactional
    public void complain(String text) {
        errand.project(ProjectId.of(1), Caller.host())
                .tasks()
                .createAndRun(
                        CreateTaskRequest.builder().description(text).build(),
                        RunTaskRequest.builder().build());
        jdbc.update("insert into complaint (text) values (?)", text);
    }
}
