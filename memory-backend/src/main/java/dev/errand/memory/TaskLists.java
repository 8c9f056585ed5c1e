package dev.errand.memory;

import dev.errand.spi.task.Task;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What lists show of one project: the ordinary tasks and the internal ones. Whatever comes, goes or
 * changes sides does so while the list of all is held, so that a page without filters is one state
 * of it; and whatever is found by its id is in every list by then.
 *
 * <p>A single task meets one lock at a time. Whoever holds several of a side holds its list of all
 * first, the ordinary side's before the other's, and so nobody waits in a circle.
 */
final class TaskLists {

    private final TaskIndex ordinary = new TaskIndex();
    private final TaskIndex internal = new TaskIndex();

    /** The internal tasks or the others. */
    TaskIndex of(boolean ofInternal) {
        return ofInternal ? internal : ordinary;
    }

    private TaskIndex of(Task task) {
        return of(task.details().internal());
    }

    /** Lists a new task, and shows it. */
    void show(TaskCell cell) {
        Task task = cell.task();
        of(task).narrower(task).forEach(list -> list.add(cell));
        of(task).all()
                .change(
                        all -> {
                            all.add(cell);
                            cell.show();
                        });
    }

    /** Lists new tasks, and shows them at one moment. */
    void show(List<TaskCell> cells, Curtain curtain) {
        Set<SharedList<TaskCell>> held = new LinkedHashSet<>();
        held.add(ordinary.all());
        held.add(internal.all());
        for (TaskCell cell : cells) {
            held.addAll(of(cell.task()).narrower(cell.task()));
        }
        held.forEach(SharedList::lock);
        try {
            for (TaskCell cell : cells) {
                Task task = cell.task();
                of(task).all().add(cell);
                of(task).narrower(task).forEach(list -> list.add(cell));
            }
            curtain.open();
        } finally {
            held.forEach(SharedList::unlock);
        }
        cells.forEach(TaskCell::show);
    }

    /** Replaces a task where it is listed; the caller holds the cell's monitor. */
    void replace(TaskCell cell, Task next) {
        Task before = cell.task();
        if (next.isDeleted()) {
            of(before)
                    .all()
                    .change(
                            all -> {
                                all.remove(cell);
                                cell.replace(next);
                            });
        } else {
            of(next).narrower(next).forEach(list -> list.add(cell)); // or is there already
            if (of(before) == of(next)) {
                cell.replace(next);
            } else {
                changeSides(cell, before, next);
            }
        }
        for (SharedList<TaskCell> list : of(before).narrower(before)) {
            if (next.isDeleted() || !of(next).narrower(next).contains(list)) {
                list.remove(cell);
            }
        }
    }

    private void changeSides(TaskCell cell, Task before, Task next) {
        ordinary.all()
                .change(
                        first ->
                                internal.all()
                                        .change(
                                                second -> {
                                                    of(before).all().remove(cell);
                                                    of(next).all().add(cell);
                                                    cell.replace(next);
                                                }));
    }
}
