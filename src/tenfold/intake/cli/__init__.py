"""`tenfold law`: what the law asks by place and date, duties of an opened role, notices."""
