create table complaint (text varchar(100) not null);
