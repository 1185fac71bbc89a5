"""The grants that this module asks for."""

from yimen.foundation.identity.api import declare_grants

READ = "desk:project:read"
JOIN = "desk:project:join"
LEAD = "desk:project:lead"
WATCH = "console:project:read"

declare_grants(
    {
        READ: "查看本部门参与的工程建设项目",
        JOIN: "在工程建设项目里提出踏勘、审图、验收和预核意见，启动本部门办件的公示、听证、专家评审",
        LEAD: "作为阶段牵头部门决定预审、召集联合踏勘审图验收、一次告知意见",
        WATCH: "查看、导出辖区内的工程建设项目",
    }
)
