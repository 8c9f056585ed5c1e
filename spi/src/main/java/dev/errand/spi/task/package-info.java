/** Tasks and the port that keeps them. Read {@link dev.errand.spi.task.TaskStore} first. */
package dev.errand.spi.task;
